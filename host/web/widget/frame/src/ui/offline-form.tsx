/** A message left while nobody is there, with where to answer. */
import { batch } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Key } from "../locales/en.ts";
import { useScreen } from "./context.ts";
import { faultOf, Field, type FieldName, focusFault } from "./fields.tsx";

const NAMES: FieldName[] = ["name", "email", "phone", "message"];

export function OfflineForm() {
  const { chat, words } = useScreen();
  const { config, identity, visitor, draft, answerTo, fresh } = chat.state;
  const { say } = words.value;
  const [values, setValues] = useState<Record<string, string>>({
    name: visitor.value.name ?? identity.value.name ?? "",
    email: visitor.value.email ?? identity.value.email ?? "",
    phone: identity.value.phone ?? "",
  });
  const [faults, setFaults] = useState<Partial<Record<FieldName, Key | null>>>({});
  // The text is the composer's draft too: when somebody comes online in the middle, nothing is lost.
  const valueOf = (name: FieldName): string => (name === "message" ? draft.value : (values[name] ?? "")).trim();
  const required = (name: FieldName): boolean => name === "name" || name === "message";
  const check = (): Partial<Record<FieldName, Key | null>> => {
    const found = Object.fromEntries(NAMES.map((name) => [name, faultOf(name, valueOf(name), required(name))])) as Partial<
      Record<FieldName, Key | null>
    >;
    if (!valueOf("email") && !valueOf("phone")) found.email = "field_contact";
    return found;
  };
  return (
    <form
      class="page form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = check();
        setFaults(found);
        if (Object.values(found).some(Boolean)) return focusFault(event.currentTarget);
        const [email, phone] = [valueOf("email"), valueOf("phone")];
        const contact = { name: valueOf("name"), ...(email ? { email } : {}), ...(phone ? { phone } : {}) };
        batch(() => {
          chat.outbox.add({ text: valueOf("message"), contact });
          draft.value = "";
          fresh.value = false;
          answerTo.value = email || phone;
        });
      }}
    >
      <div class="lead">
        <p class="lead-text">{config.value?.away_message || say("offline_lead")}</p>
      </div>
      {NAMES.map((name) => (
        <Field
          key={name}
          name={name}
          required={required(name)}
          {...(name === "email" || name === "phone" ? { hint: name === "phone" && !faults.email ? ("field_contact" as const) : null } : {})}
          value={name === "message" ? draft.value : (values[name] ?? "")}
          fault={faults[name] ?? null}
          change={(value) => {
            if (name === "message") draft.value = value;
            else setValues({ ...values, [name]: value });
            if (faults[name]) setFaults({ ...faults, [name]: null });
          }}
        />
      ))}
      <button type="submit" class="primary">
        {say("offline_send")}
      </button>
    </form>
  );
}
