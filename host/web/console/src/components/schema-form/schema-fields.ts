/**
 * Reads a JSON Schema into the fields of a form. The subset: an object with properties of string, integer, number, boolean,
 * enum (or oneOf with const and title), array of strings, and objects of these, whose fields stand in a part of their own.
 */
import { safeUrl } from "~/lib/rich-text.ts";

export interface Field {
  /** As the host names it in what it refuses: with the names of the objects around it, parted by dots. */
  name: string;
  /** The same name in its parts. */
  path: string[];
  kind: "text" | "textarea" | "secret" | "color" | "number" | "boolean" | "choice" | "strings";
  inputType: "text" | "url" | "email";
  title: string;
  description: string | null;
  placeholder: string | null;
  helpUrl: string | null;
  group: string | null;
  /** The title of the object that it is in. */
  part: string | null;
  required: boolean;
  fallback: unknown;
  /** What may be chosen: by its text, with the value that the host knows, which may be a number. */
  options: { value: string; label: string; raw: unknown }[];
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

interface Place {
  root: Schema;
  locale: string;
  path: string[];
  part: string | null;
}

export function readFields(schema: Schema, locale: string): Field[] {
  return fieldsOf(schema, { root: schema, locale, path: [], part: null });
}

function fieldsOf(schema: Schema, { root, locale, path, part }: Place): Field[] {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(properties)
    .flatMap(([name, raw], index) => {
      const property = resolve(raw, root);
      return property === null ? [] : [{ property, name, order: num(property["x-order"]) ?? 1000 + index }];
    })
    .sort((a, b) => a.order - b.order)
    .flatMap(({ property, name }) => {
      const place: Place = { root, locale, path: [...path, name], part };
      return isObject(property["properties"])
        ? fieldsOf(property, { ...place, part: titleOf(property, name, locale) })
        : [toField(property, place, required.includes(name))];
    });
}

function titleOf(property: Schema, name: string, locale: string): string {
  return str(translation(property, locale)["title"]) ?? str(property["title"]) ?? name;
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

function toField(property: Schema, { locale, path, part }: Place, required: boolean): Field {
  const name = path.at(-1) ?? "";
  const local = translation(property, locale);
  const options = readOptions(property, locale);
  const kind = kindOf(property, options.length > 0);
  const format = str(property["format"]);
  return {
    name: path.join("."),
    path,
    kind,
    inputType: format === "email" ? "email" : format === "uri" ? "url" : "text",
    title: titleOf(property, name, locale),
    description: str(local["description"]) ?? str(property["description"]),
    placeholder: str(local["placeholder"]) ?? str(property["x-placeholder"]),
    helpUrl: safeUrl(str(property["x-help-url"]) ?? ""),
    group: str(local["group"]) ?? str(property["x-group"]),
    part,
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

/** A value of a choice as the text that it is found by. */
export function optionKey(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function readOptions(property: Schema, locale: string): Field["options"] {
  if (Array.isArray(property["oneOf"])) {
    return property["oneOf"].flatMap((option: unknown) => {
      if (!isObject(option) || option["const"] === undefined || option["const"] === null) return [];
      const value = optionKey(option["const"]);
      return [{ value, raw: option["const"], label: str(translation(option, locale)["title"]) ?? str(option["title"]) ?? value }];
    });
  }
  const names = translation(property, locale)["enum"];
  const values = Array.isArray(property["enum"]) ? property["enum"].filter((v) => v !== null) : [];
  return values.map((value) => ({
    value: optionKey(value),
    raw: value,
    label: (isObject(names) ? str(names[optionKey(value)]) : null) ?? optionKey(value),
  }));
}
