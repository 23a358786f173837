import { useMemo, useState } from "react";
import { currentLocale } from "~/lib/i18n.ts";
import { type Complaint, complaints, startValues, toConfig } from "./field-values.ts";
import { readFields } from "./schema-fields.ts";

/** Whatever is set up by a schema: a channel, a bot, tools. */
export interface Configurable {
  config_schema: Record<string, unknown>;
}

/** The state of a form that a schema describes. */
export function useConfigForm({ config_schema: schema }: Configurable, stored: Record<string, unknown>) {
  const locale = currentLocale();
  const fields = useMemo(() => readFields(schema, locale), [schema, locale]);
  const [changed, setChanged] = useState<Record<string, unknown>>({});
  const [found, setFound] = useState<Record<string, Complaint>>({});
  const values = { ...startValues(fields, stored), ...changed };
  return {
    fields,
    values,
    complaints: found,
    dirty: Object.keys(changed).length > 0,
    change: (name: string, value: unknown) => {
      setChanged((before) => ({ ...before, [name]: value }));
      setFound(({ [name]: _, ...others }) => others);
    },
    reset: () => {
      setChanged({});
      setFound({});
    },
    /** The configuration to send, or null when something is wrong, which is then shown. */
    collect: (): Record<string, unknown> | null => {
      const wrong = complaints(fields, values);
      setFound(wrong);
      return Object.keys(wrong).length > 0 ? null : toConfig(fields, values);
    },
  };
}
