/** The values of a form's fields: what it starts with, what is wrong with them, what goes to the host. */
import type { Field } from "./schema-fields.ts";

/** What a form starts with: what is stored, else the schema's default. */
export function startValues(fields: Field[], stored: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => [field.name, at(stored, field.path) ?? field.fallback ?? emptyOf(field)]),
  );
}

function at(stored: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined),
    stored,
  );
}

function emptyOf(field: Field): unknown {
  if (field.kind === "boolean") return false;
  if (field.kind === "strings") return [];
  return field.kind === "number" || field.kind === "secret" ? null : "";
}

/**
 * What goes to the host: empty optional values are left out, an untouched secret stays as it came. An empty text that stands
 * against a default is sent, or it would become that default.
 */
export function toConfig(fields: Field[], values: Record<string, unknown>): Record<string, unknown> {
  const config = plain();
  for (const field of fields) {
    const value = values[field.name];
    if (value === null || value === undefined || (value === "" && !mayBeEmpty(field))) continue;
    put(config, field.path, typeof value === "string" && field.kind !== "secret" ? value.trim() : value);
  }
  return config;
}

function mayBeEmpty(field: Field): boolean {
  const isText = (field.kind === "text" && field.inputType === "text") || field.kind === "textarea";
  return isText && !!field.fallback && !field.required && !field.minLength && field.pattern === null;
}

/** Without a prototype, so that no name in a schema leads out of it. */
function plain(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

function put(config: Record<string, unknown>, path: string[], value: unknown): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) config[name] = value;
  else put((config[name] ??= plain()) as Record<string, unknown>, rest, value);
}

export type Complaint = { code: "required" | "format" | "short" | "long" | "range"; n?: number };

/** What is wrong before the host has to say it. */
export function complaints(fields: Field[], values: Record<string, unknown>): Record<string, Complaint> {
  const found: Record<string, Complaint> = {};
  for (const field of fields) {
    const complaint = complain(field, values[field.name]);
    if (complaint !== null) found[field.name] = complaint;
  }
  return found;
}

function complain(field: Field, value: unknown): Complaint | null {
  if (value === "" || value === null || value === undefined) {
    return field.required ? { code: "required" } : null;
  }
  if (typeof value === "number") {
    const low = field.min !== null && value < field.min;
    const high = field.max !== null && value > field.max;
    return low || high ? { code: "range" } : null;
  }
  if (typeof value !== "string") return null;
  const text = value.trim();
  if (field.minLength !== null && text.length < field.minLength) return { code: "short", n: field.minLength };
  if (field.maxLength !== null && text.length > field.maxLength) return { code: "long", n: field.maxLength };
  if (field.inputType === "url" && !/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text)) return { code: "format" };
  if (field.inputType === "email" && !/^\S+@\S+\.\S+$/.test(text)) return { code: "format" };
  if (field.pattern !== null && !matches(field.pattern, text)) return { code: "format" };
  return null;
}

/** A pattern that this engine does not know is left to the host. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}
