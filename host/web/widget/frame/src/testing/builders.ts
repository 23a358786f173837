/** Values for tests: complete, and different only where a test says so. */
import type { WidgetConfig, WidgetMessage, WidgetSession } from "../wire.ts";

export function message(id: string, part: Partial<WidgetMessage> = {}): WidgetMessage {
  return {
    id,
    from: "operator",
    author_name: "Operator",
    text: id,
    spans: [],
    attachments: [],
    buttons: [],
    part: null,
    reply_to: null,
    state: null,
    client_key: null,
    position: 1,
    created_at: "2026-03-01T10:00:00Z",
    edited_at: null,
    deleted_at: null,
    version: 1,
    ...part,
  };
}

export function config(part: Partial<WidgetConfig> = {}): WidgetConfig {
  return {
    title: "Support",
    greeting: "Hello",
    accent: "#0f766e",
    locale: "auto",
    position: "right",
    prechat: { enabled: false, fields: [] },
    online: true,
    away_message: "",
    max_file_bytes: 1024,
    offline_form: true,
    branding: false,
    ...part,
  };
}

export function session(part: Partial<WidgetSession> = {}): WidgetSession {
  return {
    token: "token-1",
    visitor: { name: null, email: null },
    conversation: null,
    messages: [],
    older: null,
    cursor: "cursor 10",
    online: true,
    ...part,
  };
}
