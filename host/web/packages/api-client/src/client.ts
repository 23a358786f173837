/** Every call of the console to the host, one typed function each. */
import type { components } from "./generated/openapi.ts";
import { Transport, type TransportOptions } from "./transport.ts";
import type * as t from "./types.ts";

export type { TransportOptions } from "./transport.ts";
export type ApiClient = ReturnType<typeof createClient>;

type Schemas = components["schemas"];
type Signal = AbortSignal | undefined;
interface Versioned {
  version?: number;
}
interface Stretch {
  cursor?: string | null;
  limit?: number;
}

export function createClient(options: TransportOptions) {
  const http = new Transport(options);
  return {
    setup: {
      state: () => http.call("get", "/setup", { anonymous: true }),
      create: (body: {
        token: string;
        organisation: string;
        name: string;
        email: string;
        password: string;
        locale: t.Locale;
      }) => http.call("post", "/setup", { body, anonymous: true }),
    },
    auth: {
      signIn: (body: { email: string; password: string; organisation_id?: string }) =>
        http.call("post", "/auth/sign-in", { body: { ...body, transport: "cookie" }, anonymous: true }),
      refresh: () => http.call("post", "/auth/refresh", { body: {}, anonymous: true }),
      signOut: () => http.call("post", "/auth/sign-out"),
      signOutEverywhere: () => http.call("post", "/auth/sign-out-everywhere"),
      changePassword: (body: { current: string; new: string }) => http.call("post", "/auth/password", { body }),
      acceptInvite: (body: { token: string; name?: string; password: string }) =>
        http.call("post", "/auth/invite", { body, anonymous: true }),
    },
    me: {
      get: (signal?: Signal) => http.call("get", "/me", { signal }),
      update: (body: { name?: string; locale?: t.Locale }) => http.call("patch", "/me", { body }),
      setStatus: (status: t.OperatorStatus) => http.call("put", "/me/status", { body: { status } }),
    },
    channels: {
      list: (signal?: Signal) => http.call("get", "/channels", { signal }),
      test: (kind: string, body: { config: Record<string, unknown>; proxy_url?: string | null }) =>
        http.call("post", "/channels/{kind}/test", { path: { kind }, body }),
    },
    inboxes: {
      list: (signal?: Signal) => http.call("get", "/inboxes", { signal }),
      get: (id: string, signal?: Signal) => http.call("get", "/inboxes/{id}", { path: { id }, signal }),
      create: (body: t.NewInbox) => http.call("post", "/inboxes", { body }),
      update: (id: string, body: t.InboxPatch) => http.call("patch", "/inboxes/{id}", { path: { id }, body }),
      remove: (id: string) => http.call("delete", "/inboxes/{id}", { path: { id } }),
      test: (id: string) => http.call("post", "/inboxes/{id}/test", { path: { id } }),
      registerWebhook: (id: string) => http.call("post", "/inboxes/{id}/webhook", { path: { id } }),
      removeWebhook: (id: string) => http.call("delete", "/inboxes/{id}/webhook", { path: { id } }),
      signOutVisitors: (id: string) => http.call("post", "/inboxes/{id}/sign-out-visitors", { path: { id } }),
      simulate: (id: string, body: t.Simulation) =>
        http.call("post", "/inboxes/{id}/simulate", { path: { id }, body }),
    },
    apiKeys: {
      list: (signal?: Signal) => http.call("get", "/api-keys", { signal }),
      create: (body: t.NewApiKey) => http.call("post", "/api-keys", { body }),
      update: (id: string, body: t.ApiKeyPatch) => http.call("patch", "/api-keys/{id}", { path: { id }, body }),
      rotate: (id: string, overlap_hours: number) =>
        http.call("post", "/api-keys/{id}/rotate", { path: { id }, body: { overlap_hours } }),
      revoke: (id: string) => http.call("delete", "/api-keys/{id}", { path: { id } }),
    },
    automations: {
      kinds: (signal?: Signal) => http.call("get", "/automations/kinds", { signal }),
      list: (signal?: Signal) => http.call("get", "/automations", { signal }),
      get: (id: string, signal?: Signal) => http.call("get", "/automations/{id}", { path: { id }, signal }),
      create: (body: t.NewAutomation) => http.call("post", "/automations", { body }),
      update: (id: string, body: t.AutomationPatch) => http.call("patch", "/automations/{id}", { path: { id }, body }),
      remove: (id: string) => http.call("delete", "/automations/{id}", { path: { id } }),
    },
    conversations: {
      list: ({ filter, sort }: t.ConversationQuery, page: Stretch, signal?: Signal) =>
        http.call("get", "/conversations", { query: { filter: JSON.stringify(filter), sort, ...page }, signal }),
      counts: (signal?: Signal) => http.call("get", "/conversations/counts", { signal }),
      get: (id: string, signal?: Signal) => http.call("get", "/conversations/{id}", { path: { id }, signal }),
      update: (
        id: string,
        body: { priority?: t.Priority; tags?: string[]; subject?: string | null; version?: number },
      ) => http.call("patch", "/conversations/{id}", { path: { id }, body }),
      take: (id: string, body: Versioned = {}) => http.call("post", "/conversations/{id}/take", { path: { id }, body }),
      assign: (id: string, body: { operator_id: string | null } & Versioned) =>
        http.call("post", "/conversations/{id}/assign", { path: { id }, body }),
      transfer: (id: string, body: { operator_id: string; comment?: string } & Versioned) =>
        http.call("post", "/conversations/{id}/transfer", { path: { id }, body }),
      invite: (id: string, body: { operator_id: string } & Versioned) =>
        http.call("post", "/conversations/{id}/invite", { path: { id }, body }),
      leave: (id: string, body: Versioned = {}) => http.call("post", "/conversations/{id}/leave", { path: { id }, body }),
      resolve: (id: string, body: Versioned = {}) =>
        http.call("post", "/conversations/{id}/resolve", { path: { id }, body }),
      close: (id: string, body: Versioned = {}) => http.call("post", "/conversations/{id}/close", { path: { id }, body }),
      reopen: (id: string, body: Versioned = {}) => http.call("post", "/conversations/{id}/reopen", { path: { id }, body }),
      spam: (id: string, body: Versioned = {}) => http.call("post", "/conversations/{id}/spam", { path: { id }, body }),
      snooze: (id: string, body: { until: string } & Versioned) =>
        http.call("post", "/conversations/{id}/snooze", { path: { id }, body }),
      read: (id: string) => http.call("post", "/conversations/{id}/read", { path: { id }, body: {} }),
    },
    messages: {
      list: (conversationId: string, page: { before?: string | null; limit?: number }, signal?: Signal) =>
        http.call("get", "/conversations/{id}/messages", { path: { id: conversationId }, query: page, signal }),
      send: (conversationId: string, body: t.NewMessage) =>
        http.call("post", "/conversations/{id}/messages", { path: { id: conversationId }, body }),
      edit: (id: string, body: { text: string; spans?: t.Span[] }) =>
        http.call("patch", "/messages/{id}", { path: { id }, body }),
      remove: (id: string) => http.call("delete", "/messages/{id}", { path: { id } }),
      retry: (id: string) => http.call("post", "/messages/{id}/retry", { path: { id } }),
      fetchAgain: (id: string, attachment: string) =>
        http.call("post", "/messages/{id}/attachments/{attachment}/fetch", { path: { id, attachment } }),
      revisions: (id: string, signal?: Signal) =>
        http.call("get", "/messages/{id}/revisions", { path: { id }, signal }),
    },
    customers: {
      list: ({ q, filter, sort }: t.CustomerQuery, page: Stretch, signal?: Signal) =>
        http.call("get", "/customers", { query: { q, filter: JSON.stringify(filter), sort, ...page }, signal }),
      get: (id: string, signal?: Signal) => http.call("get", "/customers/{id}", { path: { id }, signal }),
      update: (id: string, body: t.CustomerPatch) => http.call("patch", "/customers/{id}", { path: { id }, body }),
      conversations: (id: string, signal?: Signal) =>
        http.call("get", "/customers/{id}/conversations", { path: { id }, signal }),
    },
    operators: {
      list: (signal?: Signal) => http.call("get", "/operators", { signal }),
      create: (body: t.NewOperator) => http.call("post", "/operators", { body }),
      update: (id: string, body: t.OperatorPatch) => http.call("patch", "/operators/{id}", { path: { id }, body }),
      invite: (id: string) => http.call("post", "/operators/{id}/invite", { path: { id } }),
    },
    phrases: {
      list: (page: Stretch, signal?: Signal) => http.call("get", "/phrases", { query: page, signal }),
      create: (body: t.NewPhrase) => http.call("post", "/phrases", { body }),
      update: (id: string, body: t.PhrasePatch) => http.call("patch", "/phrases/{id}", { path: { id }, body }),
      remove: (id: string) => http.call("delete", "/phrases/{id}", { path: { id } }),
    },
    views: {
      list: (page: Stretch, signal?: Signal) => http.call("get", "/views", { query: page, signal }) as Promise<t.Page<t.View>>,
      create: (body: t.NewView) => http.call("post", "/views", { body: body as Schemas["ViewIn"] }) as Promise<t.View>,
      update: (id: string, body: t.ViewPatch) =>
        http.call("patch", "/views/{id}", { path: { id }, body: body as Schemas["ViewPatchIn"] }) as Promise<t.View>,
      remove: (id: string) => http.call("delete", "/views/{id}", { path: { id } }),
    },
    tags: {
      list: (page: Stretch, signal?: Signal) => http.call("get", "/tags", { query: page, signal }),
      create: (body: t.NewTag) => http.call("post", "/tags", { body }),
      update: (id: string, body: t.TagPatch) => http.call("patch", "/tags/{id}", { path: { id }, body }),
      remove: (id: string) => http.call("delete", "/tags/{id}", { path: { id } }),
    },
    rights: {
      list: (signal?: Signal) => http.call("get", "/rights", { signal }),
    },
    roles: {
      list: (page: Stretch, signal?: Signal) => http.call("get", "/roles", { query: page, signal }),
      create: (body: t.NewRole) => http.call("post", "/roles", { body }),
      update: (id: string, body: t.RolePatch) => http.call("patch", "/roles/{id}", { path: { id }, body }),
      remove: (id: string) => http.call("delete", "/roles/{id}", { path: { id } }),
    },
    quarantine: {
      list: (page: Stretch, signal?: Signal) => http.call("get", "/quarantine", { query: page, signal }),
      get: (id: string, signal?: Signal) => http.call("get", "/quarantine/{id}", { path: { id }, signal }),
      replay: (id: string) => http.call("post", "/quarantine/{id}/replay", { path: { id } }),
      remove: (id: string) => http.call("delete", "/quarantine/{id}", { path: { id } }),
    },
    audit: {
      list: (page: Stretch, signal?: Signal) => http.call("get", "/audit", { query: page, signal }),
    },
    plugins: {
      list: (signal?: Signal) => http.call("get", "/plugins", { signal }),
      get: (id: string, signal?: Signal) => http.call("get", "/plugins/{id}", { path: { id }, signal }),
      install: (wasm: Blob, query: { signature?: string | null; approve?: boolean; older?: boolean }) =>
        http.call("post", "/plugins", { query, bytes: wasm }),
      approve: (id: string, body: { digest: string }) =>
        http.call("post", "/plugins/{id}/approve", { path: { id }, body }),
      decline: (id: string, body: { digest: string }) =>
        http.call("post", "/plugins/{id}/decline", { path: { id }, body }),
      enable: (id: string) => http.call("post", "/plugins/{id}/enable", { path: { id } }),
      disable: (id: string) => http.call("post", "/plugins/{id}/disable", { path: { id } }),
      rollBack: (id: string) => http.call("post", "/plugins/{id}/rollback", { path: { id } }),
      remove: (id: string) => http.call("delete", "/plugins/{id}", { path: { id } }),
    },
    files: {
      upload: (file: File, onProgress: (fraction: number) => void, signal?: AbortSignal) =>
        http.upload(file, onProgress, signal),
    },
  };
}
