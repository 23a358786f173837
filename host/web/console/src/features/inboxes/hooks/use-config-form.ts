import type { ChannelKind } from "@omnichat/api-client/types";
import { useMemo, useState } from "react";
import { currentLocale } from "~/lib/i18n.ts";
import { type Complaint, complaints, readFields, startValues, toConfig } from "../schema-fields.ts";

/** The state of a form that a channel's schema describes. */
export function useConfigForm(kind: ChannelKind, stored: Record<string, unknown>) {
  const locale = currentLocale();
  const fields = useMemo(() => readFields(kind.config_schema, locale), [kind, locale]);
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
