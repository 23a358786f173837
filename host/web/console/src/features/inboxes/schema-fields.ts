/**
 * Reads a channel's JSON Schema into the fields of a form. The subset: an object with properties of
 * string, integer, number, boolean, enum (or oneOf with const and title), and array of strings.
 */
export interface Field {
  name: string;
  kind: "text" | "textarea" | "secret" | "color" | "number" | "boolean" | "choice" | "strings";
  inputType: "text" | "url" | "email";
  title: string;
  description: string | null;
  placeholder: string | null;
  helpUrl: string | null;
  group: string | null;
  required: boolean;
  fallback: unknown;
  options: { value: string; label: string }[];
  integer: boolean;
  min: number | null;
  max: number | null;
  minLength: number | null;
  maxLength: number | null;
  pattern: string | null;
}

type Schema = Record<string, unknown>;

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const str = (value: unknown): string | null => (typeof value === "string" ? value : null);
const num = (value: unknown): number | null => (typeof value === "number" ? value : null);

export function readFields(schema: Schema, locale: string): Field[] {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(properties)
    .flatMap(([name, raw], index) => {
      const property = resolve(raw, schema);
      return property === null ? [] : [{ property, name, order: num(property["x-order"]) ?? 1000 + index }];
    })
    .sort((a, b) => a.order - b.order)
    .map(({ property, name }) => toField(property, name, required.includes(name), locale));
}

/** Follows a local reference and looks through "this or null". */
function resolve(raw: unknown, root: Schema): Schema | null {
  if (!isObject(raw)) return null;
  const { $ref: reference, allOf, anyOf, ...own } = raw as Schema;
  let base: Schema = {};
  if (typeof reference === "string" && reference.startsWith("#/")) {
    const target = reference
      .slice(2)
      .split("/")
      .reduce<unknown>((at, part) => (isObject(at) ? at[part] : undefined), root);
    base = resolve(target, root) ?? {};
  } else if (Array.isArray(allOf) && allOf.length === 1) {
    base = resolve(allOf[0], root) ?? {};
  } else if (Array.isArray(anyOf)) {
    const real = anyOf.filter((option) => !(isObject(option) && option["type"] === "null"));
    if (real.length === 1) base = resolve(real[0], root) ?? {};
  }
  return { ...base, ...own };
}

function toField(property: Schema, name: string, required: boolean, locale: string): Field {
  const local = translation(property, locale);
  const options = readOptions(property, locale);
  const kind = kindOf(property, options.length > 0);
  const format = str(property["format"]);
  return {
    name,
    kind,
    inputType: format === "email" ? "email" : format === "uri" ? "url" : "text",
    title: str(local["title"]) ?? str(property["title"]) ?? name,
    description: str(local["description"]) ?? str(property["description"]),
    placeholder: str(local["placeholder"]) ?? str(property["x-placeholder"]),
    helpUrl: str(property["x-help-url"]),
    group: str(local["group"]) ?? str(property["x-group"]),
    required,
    fallback: property["default"],
    options,
    integer: typeOf(property) === "integer",
    min: num(property["minimum"]),
    max: num(property["maximum"]),
    minLength: num(property["minLength"]),
    maxLength: num(property["maxLength"]),
    pattern: str(property["pattern"]),
  };
}

function translation(property: Schema, locale: string): Schema {
  const all = property["x-i18n"];
  const local = isObject(all) ? all[locale] : null;
  return isObject(local) ? local : {};
}

function typeOf(property: Schema): string {
  const { type } = property;
  if (Array.isArray(type)) return String(type.find((t) => t !== "null") ?? "string");
  return str(type) ?? "string";
}

function kindOf(property: Schema, hasOptions: boolean): Field["kind"] {
  if (property["x-secret"] === true) return "secret";
  if (hasOptions) return "choice";
  const type = typeOf(property);
  if (type === "boolean") return "boolean";
  if (type === "integer" || type === "number") return "number";
  if (type === "array") return "strings";
  if (property["x-widget"] === "textarea") return "textarea";
  return property["format"] === "color" || property["x-widget"] === "color" ? "color" : "text";
}

function readOptions(property: Schema, locale: string): Field["options"] {
  if (Array.isArray(property["oneOf"])) {
    return property["oneOf"].flatMap((option: unknown) => {
      if (!isObject(option) || option["const"] === undefined || option["const"] === null) return [];
      const value = String(option["const"]);
      return [{ value, label: str(translation(option, locale)["title"]) ?? str(option["title"]) ?? value }];
    });
  }
  const names = translation(property, locale)["enum"];
  const values = Array.isArray(property["enum"]) ? property["enum"].filter((v) => v !== null) : [];
  return values.map((value) => ({
    value: String(value),
    label: (isObject(names) ? str(names[String(value)]) : null) ?? String(value),
  }));
}

/** What a form starts with: what is stored, else the schema's default. */
export function startValues(fields: Field[], stored: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => [field.name, stored[field.name] ?? field.fallback ?? emptyOf(field)]),
  );
}

function emptyOf(field: Field): unknown {
  if (field.kind === "boolean") return false;
  if (field.kind === "strings") return [];
  return field.kind === "number" || field.kind === "secret" ? null : "";
}

/** What goes to the host: empty optional values are left out, an untouched secret stays as it came. */
export function toConfig(fields: Field[], values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = values[field.name];
      const empty = value === "" || value === null || value === undefined;
      return empty ? [] : [[field.name, typeof value === "string" && field.kind !== "secret" ? value.trim() : value]];
    }),
  );
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
