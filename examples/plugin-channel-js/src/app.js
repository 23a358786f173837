// Mailslot: a channel of OmniChat.
//
// The platform posts JSON with the header `x-signature` (HMAC-SHA256 of the body in hex), and takes messages as JSON at the
// address in the settings, signed likewise; docs.js says what stands in them. Change it into what your platform does.

import { config } from "omnichat:plugin/host-env@0.1.0";
import { hmac, verifyHmac } from "omnichat:plugin/host-crypto@0.1.0";
import { send as fetchAnswer } from "omnichat:plugin/host-http@0.1.0";
import docs from "./docs.js";
import { PluginError, refusal, told } from "./errors.js";
import { events, read } from "./parse.js";

/** The settings; their schema becomes the form that an administrator fills in. */
const SETTINGS = {
  type: "object",
  required: ["url", "secret"],
  properties: {
    url: {
      type: "string",
      format: "uri",
      title: "Address",
      description: "Messages are posted here.",
      "x-order": 1,
      "x-i18n": { ru: { title: "Адрес", description: "Сюда отправляются сообщения." } },
    },
    secret: {
      type: "string",
      minLength: 16,
      title: "Secret",
      description: "Signs what is posted in both directions.",
      "x-secret": true,
      "x-order": 2,
      "x-i18n": { ru: { title: "Секрет", description: "Подписывает всё, что отправляется в обе стороны." } },
    },
  },
};

/** What the host calls. */
export const channel = told({
  /** What it is. Pure: nothing of the host may be called. */
  describe() {
    return {
      id: "mailslot",
      version: "0.1.0",
      title: "Mailslot",
      summary: "Says in one sentence what it connects.",
      configSchema: JSON.stringify(SETTINGS),
      capabilities: ["webhook", "idempotent-send", "buttons"],
      limits: [
        { name: "text", value: 4000n },
        { name: "button-rows", value: 10n },
        { name: "buttons-per-row", value: 4n },
        { name: "button-data", value: 256n },
      ],
      docs,
      extra: "",
    };
  },

  /** Finds what the schema cannot express. */
  validateConfig(json) {
    const { url = "" } = JSON.parse(json);
    if (!/^https?:\/\/[^/?#]/.test(url)) {
      throw [{ field: "url", code: "format", message: "this must be an address that begins with https:// or http://" }];
    }
  },

  /** Settings of an earlier version, for this one. */
  migrateConfig(_fromVersion, json) {
    return json;
  },

  /** Asks the platform whether the settings work. */
  check() {
    const { id, name, url } = post({ type: "ping" });
    const address = settings().url;
    return { id: asText(id) ?? address, name: asText(name) ?? "Mailslot", url: asText(url) };
  },

  /** Checks the signature. Fast; no network, no store. */
  acceptWebhook({ method, headers, body }) {
    const mac = fromHex(headers.find(([name]) => name === "x-signature")?.[1] ?? "");
    // The secret is named, never seen: the host computes.
    if (method !== "POST" || !mac || !verifyHmac("sha256", "secret", body, mac)) {
      throw new PluginError("unauthenticated", "the signature is missing or wrong");
    }
    return { process: true, reply: { status: 200, contentType: "text/plain", body: new Uint8Array() } };
  },

  /** Only for platforms where one app brings the webhooks of many accounts. */
  addressed() {
    return [];
  },

  /** Turns bytes into events. Pure. */
  parseWebhook({ body }) {
    return events(read(body));
  },

  /** Only for platforms that are asked for news. */
  poll() {
    throw new PluginError("rejected", "this channel does not poll", { notSent: true });
  },

  /** Sends a message; returns when the platform has taken it. */
  send({ id, chat, text, buttons, files, location, contact }) {
    if (files.length > 0 || location || contact) {
      throw new PluginError("rejected", "this channel sends texts and buttons only", { notSent: true });
    }
    // The id is the same on every try, so that the platform can recognise a repetition.
    const answer = post({ type: "message", id, to: chat, text, buttons: buttons.map((row) => row.map(button)) });
    return { externalIds: [asText(answer.id) ?? id], at: undefined, newChat: undefined };
  },

  /** Typing, edits, deletions and such: none of them here. */
  perform({ kind }) {
    throw new PluginError("rejected", `this channel does not support ${kind}`, { notSent: true });
  },

  /** The request that fetches a file of a customer: there are none. */
  resolveMedia() {
    throw new PluginError("not-found", "this channel has no files", { notSent: true });
  },
});

function settings() {
  return JSON.parse(config());
}

/** Posts a signed document; gives the answer's. */
function post(document) {
  const body = new TextEncoder().encode(JSON.stringify(document));
  const answer = fetchAnswer({
    method: "POST",
    url: settings().url,
    headers: [
      ["content-type", "application/json"],
      ["x-signature", toHex(hmac("sha256", "secret", body))],
    ],
    body: { tag: "whole", val: { tag: "bytes", val: body } },
    timeoutMs: undefined,
  });
  const error = refusal(answer);
  if (error) throw error;
  try {
    // The message is taken, whatever the answer says about it.
    return JSON.parse(new TextDecoder().decode(answer.body)) ?? {};
  } catch {
    return {};
  }
}

function button({ text, kind, value }) {
  switch (kind) {
    case "reply":
      return { text, data: value };
    case "url":
      return { text, url: value };
    default:
      throw new PluginError("rejected", `this channel has no buttons of the kind ${kind}`, { notSent: true });
  }
}

/** A text that is not empty. */
function asText(value) {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function fromHex(text) {
  if (!/^([0-9a-f]{2})+$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
}

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
