/** The form before the first message, as the inbox is configured. */
import { useState } from "preact/hooks";
import type { Key } from "../locales/en.ts";
import { useScreen } from "./context.ts";
import { faultOf, Field, focusFault } from "./fields.tsx";

export function Prechat() {
  const { chat, words } = useScreen();
  const { config, identity, visitor } = chat.state;
  const { say } = words.value;
  const fields = config.value?.prechat.fields ?? [];
  const [values, setValues] = useState<Record<string, string>>({
    name: visitor.value.name ?? identity.value.name ?? "",
    email: visitor.value.email ?? identity.value.email ?? "",
    phone: identity.value.phone ?? "",
  });
  const [faults, setFaults] = useState<Record<string, Key | null>>({});
  return (
    <form
      class="page form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = Object.fromEntries(fields.map(({ name, required }) => [name, faultOf(name, values[name] ?? "", required)]));
        setFaults(found);
        if (Object.values(found).some(Boolean)) return focusFault(event.currentTarget);
        chat.introduce(Object.fromEntries(fields.map(({ name }) => [name, (values[name] ?? "").trim()]).filter(([, value]) => value)));
      }}
    >
      <div class="lead">
        {config.value?.greeting && <p class="lead-text">{config.value.greeting}</p>}
        <p class="muted">{say("prechat_lead")}</p>
      </div>
      {fields.map(({ name, required }) => (
        <Field
          key={name}
          name={name}
          required={required}
          value={values[name] ?? ""}
          fault={faults[name] ?? null}
          change={(value) => {
            setValues({ ...values, [name]: value });
            if (faults[name]) setFaults({ ...faults, [name]: faultOf(name, value, required) });
          }}
        />
      ))}
      <button type="submit" class="primary">
        {say("prechat_start")}
      </button>
    </form>
  );
}
