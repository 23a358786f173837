/** Names of everything in the query cache. Realtime writes under these names, screens read under them. */
import type { ConversationQuery } from "@omnichat/api-client/types";

export const keys = {
  me: ["me"] as const,
  operators: ["operators"] as const,
  rights: ["rights"] as const,
  apiKeys: ["api-keys"] as const,
  inboxes: ["inboxes"] as const,
  channels: ["channels"] as const,
  automations: ["automations", "list"] as const,
  automationKinds: ["automations", "kinds"] as const,
  allAutomations: ["automations"] as const,
  conversationLists: ["conversations", "list"] as const,
  conversationList: (query: ConversationQuery) => ["conversations", "list", query] as const,
  counts: ["conversations", "counts"] as const,
  conversation: (id: string) => ["conversations", "detail", id] as const,
  conversationDetails: ["conversations", "detail"] as const,
  messages: (conversationId: string) => ["messages", conversationId] as const,
  revisions: (messageId: string, count: number) => ["revisions", messageId, count] as const,
  customer: (id: string) => ["customers", "detail", id] as const,
  customerConversations: (id: string) => ["customers", "conversations", id] as const,
  allCustomerConversations: ["customers", "conversations"] as const,
  customerSearch: (text: string) => ["customers", "search", text] as const,
  quarantine: ["quarantine"] as const,
  quarantined: (id: string) => ["quarantine", "detail", id] as const,
  quarantineList: ["quarantine", "list"] as const,
  audit: ["audit"] as const,
  /** All entities of a kind that one may see. */
  entities: (kind: string) => ["entities", kind] as const,
  plugins: ["plugins"] as const,
  plugin: (id: string) => ["plugins", "detail", id] as const,
  pluginList: ["plugins", "list"] as const,
};
