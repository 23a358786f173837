/** What the console sends: queries, new things and changes. They come from the host's OpenAPI document as well. */
import type { Condition } from "./condition.ts";
import type { components } from "./generated/openapi.ts";

type Schemas = components["schemas"];

/** The host takes a change of an unknown version; the console never overwrites what it has not seen. */
type Based<T extends { version?: number | null }> = Omit<T, "version"> & { version: number };

export type ConversationSort = Schemas["ConversationSort"];

/** Which conversations in which order, without which part of their list. */
export type ConversationQuery = { filter?: Condition; sort?: ConversationSort };

export type CustomerSort = Schemas["CustomerSort"];

/** Which customers in which order, without which part of their list. */
export type CustomerQuery = { q?: string; filter?: Condition; sort?: CustomerSort };

/** What says of itself which conversations in which order. */
export type Listing<T> = Omit<T, keyof ConversationQuery> & Required<ConversationQuery>;

export type NewMessage = Schemas["MessageIn"];
export type NewInbox = Schemas["InboxIn"];
export type NewApiKey = Schemas["ApiKeyIn"];
export type NewAutomation = Schemas["AutomationIn"];
export type NewOperator = Schemas["OperatorIn"];
export type NewPhrase = Schemas["PhraseIn"];
export type NewRole = Schemas["OwnRoleIn"];
export type NewTag = Schemas["TagIn"];
export type NewView = Listing<Schemas["ViewIn"]>;
export type Simulation = Schemas["SimulationIn"];

export type InboxPatch = Based<Schemas["InboxPatchIn"]>;
export type ApiKeyPatch = Based<Schemas["ApiKeyPatchIn"]>;
export type AutomationPatch = Based<Schemas["AutomationPatchIn"]>;
export type CustomerPatch = Based<Schemas["CustomerPatchIn"]>;
export type OperatorPatch = Based<Schemas["OperatorPatchIn"]>;
export type PhrasePatch = Based<Schemas["PhrasePatchIn"]>;
export type RolePatch = Based<Schemas["OwnRolePatchIn"]>;
export type TagPatch = Based<Schemas["TagPatchIn"]>;
export type ViewPatch = Omit<Based<Schemas["ViewPatchIn"]>, keyof ConversationQuery> & ConversationQuery;
