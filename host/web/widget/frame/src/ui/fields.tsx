/** Labelled fields of the two forms, and what is accepted in them. */
import { useId } from "preact/hooks";
import type { Key } from "../locales/en.ts";
import { useScreen } from "./context.ts";

export type FieldName = "name" | "email" | "phone" | "message";

const TYPES: Record<FieldName, { type: "text" | "email" | "tel"; complete: string }> = {
  name: { type: "text", complete: "name" },
  email: { type: "email", complete: "email" },
  phone: { type: "tel", complete: "tel" },
  message: { type: "text", complete: "off" },
};

/** What is wrong with a value; null when nothing is. Addresses are only checked to look like one: the host has the last word. */
export function faultOf(name: FieldName, value: string, required: boolean): Key | null {
  const text = value.trim();
  if (!text) return required ? "field_required" : null;
  if (name === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/u.test(text)) return "field_email";
  if (name === "phone" && !/^[+\d][\d\s().-]{4,24}$/u.test(text)) return "field_phone";
  return null;
}

export interface FieldProps {
  name: FieldName;
  value: string;
  required: boolean;
  /** Shown while nothing is wrong; a field with a hint is not marked as optional. */
  hint?: Key | null;
  fault: Key | null;
  change: (value: string) => void;
}

export function Field({ name, value, required, hint, fault, change }: FieldProps) {
  const { say } = useScreen().words.value;
  const id = useId();
  // All of these are one-line text fields; the element's types tell them apart only by what may stand beside `type`.
  const type = TYPES[name].type as "email";
  const shared = {
    id,
    name,
    value,
    "aria-required": required,
    "aria-invalid": fault !== null,
    "aria-describedby": fault || hint ? `${id}-note` : undefined,
    autocomplete: TYPES[name].complete,
  };
  return (
    <div class="field">
      <label for={id}>
        {say(name)}
        {!required && hint === undefined && <span class="muted"> {say("optional")}</span>}
      </label>
      {name === "message" ? (
        <textarea {...shared} rows={4} onInput={(event) => change(event.currentTarget.value)} />
      ) : (
        <input {...shared} type={type} onInput={(event) => change(event.currentTarget.value)} />
      )}
      {(fault ?? hint) && (
        <p class={fault ? "problem" : "hint"} id={`${id}-note`}>
          {say((fault ?? hint) as Key)}
        </p>
      )}
    </div>
  );
}

/** Puts the cursor into the first field that is not right. */
export function focusFault(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
