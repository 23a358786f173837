/**
 * The shapes that cross the wire between the host and the console, by the names that the code uses. They come from the host's
 * OpenAPI document; what they mean stands there. Ids are opaque strings, times are RFC 3339 UTC strings, sizes are bytes.
 */
import type { components } from "./generated/openapi.ts";
import type { Listing } from "./requests.ts";

type Schemas = components["schemas"];

// Who is signed in.
export type Session = Schemas["Session"];
export type Me = Schemas["Me"];
export type SetupState = Schemas["SetupState"];

// Colleagues.
export type Role = Schemas["Role"];
export type BuiltInRole = Schemas["BuiltInRole"];
export type OwnRole = Schemas["OwnRole"];
export type Rights = Schemas["Rights"];
export type OperatorStatus = Schemas["OperatorStatus"];
export type Locale = Schemas["Locale"];
export type Operator = Schemas["Operator"];
export type Invitation = Schemas["Invitation"];

// What an organisation keeps.
export type Phrase = Schemas["Phrase"];
export type Tag = Schemas["Tag"];
export type TagColour = Schemas["TagColour"];
export type View = Listing<Schemas["View"]>;

// Programs.
export type ApiKeyState = Schemas["ApiKeyState"];
export type ApiKey = Schemas["ApiKey"];
export type ApiKeyWithToken = Schemas["ApiKeyWithToken"];

// The audit log.
export type AuditEntry = Schemas["AuditEntry"];

// Channels and inboxes.
export type Capabilities = Schemas["Capabilities"];
export type ChannelKind = Schemas["ChannelKind"];
export type RoutingStrategy = Schemas["RoutingStrategy"];
export type Inbox = Schemas["Inbox"];
export type ConnectionTest = Schemas["ConnectionTest"];
export type SimulationResult = Schemas["SimulationResult"];

// Automations.
export type AutomationRole = Schemas["AutomationRole"];
export type AutomationKind = Schemas["AutomationKind"];
export type Automation = Schemas["Automation"];
export type Tool = Schemas["Tool"];

// Conversations.
export type ConversationStatus = Schemas["ConversationStatus"];
export type Priority = Schemas["Priority"];
export type LastMessage = Schemas["LastMessage"];
export type ActiveScenario = Schemas["ActiveScenario"];
export type Conversation = Schemas["Conversation"];
export type ConversationCounts = Schemas["ConversationCounts"];
export type ChatKind = Schemas["ChatKind"];

// Messages.
export type AuthorKind = Schemas["AuthorKind"];
export type Author = Schemas["Author"];
export type Direction = Schemas["Direction"];
export type DeliveryState = Schemas["DeliveryState"];
export type AttachmentKind = Schemas["AttachmentKind"];
export type Attachment = Schemas["Attachment"];
export type SpanStyle = Schemas["SpanStyle"];
export type Span = Schemas["Span"];
export type Button = Schemas["Button"];
export type SystemEntry = Schemas["SystemEntry"];
export type Part = Schemas["Part"];
export type Failure = Schemas["Failure"];
export type Message = Schemas["Message"];
export type MessagePage = Schemas["MessagePage"];
export type Revision = Schemas["Revision"];

// Customers.
export type CustomerContact = Schemas["CustomerContact"];
export type CustomerChat = Schemas["CustomerChat"];
export type Customer = Schemas["Customer"];

// Plugins.
export type PluginKind = Schemas["PluginKind"];
export type PluginState = Schemas["PluginState"];
export type Plugin = Schemas["Plugin"];
export type PluginDetail = Schemas["PluginDetail"];
export type PluginRights = Schemas["PluginRights"];
export type PluginWaiting = Schemas["PluginWaiting"];
export type PluginRefusal = Schemas["PluginRefusal"];
export type PluginDelay = Schemas["PluginDelay"];
export type PluginHealth = Schemas["PluginHealth"];
export type PluginRelease = Schemas["PluginRelease"];
export type PluginReleaseState = Schemas["PluginReleaseState"];
export type PluginFault = Schemas["PluginFault"];
export type PluginLogLevel = Schemas["PluginLogLevel"];
export type PluginLogLine = Schemas["PluginLogLine"];

// Files.
export type StoredFile = Schemas["File"];

// Quarantine.
export type Quarantined = Schemas["Quarantined"];
export type QuarantinedDetail = Schemas["QuarantinedDetail"];

// What goes wrong.
export type FieldProblem = Schemas["FieldProblem"];
export type Problem = Schemas["Problem"];

/** Every `PageView_…` of the document: schemas have no type parameters. */
export interface Page<T> {
  items: T[];
  /** Pass it as `cursor` for the next part; null at the end. */
  next: string | null;
  /** Ids of rows that belong here and are stored damaged, so that they cannot be shown. */
  damaged?: string[];
}

export type Permission = Schemas["Permission"];

export type { Condition, ConditionOp, ConditionTest, ConditionValue } from "./condition.ts";
export type * from "./requests.ts";
