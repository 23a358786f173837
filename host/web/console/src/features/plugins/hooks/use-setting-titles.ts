import type { Plugin } from "@omnichat/api-client/types";
import { useMemo } from "react";
import { readFields } from "~/components/schema-form/schema-fields.ts";
import { currentLocale } from "~/lib/i18n.ts";
import { useAutomationKinds } from "~/queries/automations.ts";
import { useChannels } from "~/queries/channels.ts";

/** Titles of a plugin's settings by their names, as its form shows them; none while it does not run. */
export type SettingTitles = ReadonlyMap<string, string>;

export function useSettingTitles({ id, kind }: Plugin): SettingTitles {
  const channels = useChannels().data?.items;
  const automations = useAutomationKinds().data?.items;
  const schema = (kind === "channel" ? channels : automations)?.find((one) => one.kind === id)?.config_schema;
  const locale = currentLocale();
  return useMemo(
    () => new Map(schema === undefined ? [] : readFields(schema, locale).map((field) => [field.name, field.title])),
    [schema, locale],
  );
}
