// What the platform posts, as events. The same bytes give the same events.

import { PluginError } from "./errors.js";

/** The body of a webhook as an object. */
export function read(body) {
  let value;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new PluginError("malformed", "the webhook is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PluginError("malformed", "the webhook is no object");
  }
  return value;
}

/** The events of a webhook. */
export function events(update) {
  const id = text(update, "id");
  const chat = text(update, "from");
  if (!id || !chat) throw new PluginError("malformed", "the webhook lacks «id» or «from»");
  const event = { ...nothing(), chat: privately(chat), person: person(update) };
  if (update.button !== undefined) {
    const pressed = text(update, "message");
    return [{ ...event, kind: "button", externalIds: pressed ? [id, pressed] : [id], value: text(update, "button") }];
  }
  return [{ ...event, kind: "message", message: message(id, text(update, "text")) }];
}

/** A text of the update. Numbers are refused: long ones have lost digits by the time they are seen here. */
function text(update, name) {
  const value = update[name];
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw new PluginError("malformed", `«${name}» is no text`);
  return value;
}

/** A chat with one person. */
function privately(id) {
  return { id, kind: "private", title: undefined, context: "", route: [] };
}

/** Who it is, known by the chat's id on this account. */
function person(update) {
  const name = text(update, "name");
  const locale = text(update, "locale") || undefined;
  if (!name && !locale) return undefined;
  return {
    id: "",
    scope: "inbox",
    claimed: false,
    also: [],
    name,
    username: undefined,
    email: undefined,
    phone: undefined,
    locale,
    attributes: [],
  };
}

/** An event in which nothing has happened yet. */
function nothing() {
  return {
    kind: "",
    chat: privately(""),
    person: undefined,
    message: undefined,
    externalIds: [],
    at: undefined,
    value: undefined,
    values: [],
    reason: undefined,
    extra: "",
  };
}

function message(externalId, text) {
  return {
    externalId,
    at: undefined,
    order: undefined,
    outgoing: false,
    authorName: undefined,
    text,
    spans: [],
    files: [],
    buttons: [],
    location: undefined,
    contact: undefined,
    sticker: undefined,
    unsupported: undefined,
    replyTo: undefined,
    quote: undefined,
    forwardedFrom: undefined,
    group: undefined,
    extra: "",
  };
}
