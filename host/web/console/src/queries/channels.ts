import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "~/lib/api.ts";
import { useInstalledPlugins } from "./plugins.ts";
import { keys } from "./keys.ts";

/** The kinds of channel that this host has. Plugins bring and take them while it runs, and nobody tells. */
export function useChannels() {
  return useQuery({
    queryKey: keys.channels,
    queryFn: ({ signal }) => api.channels.list(signal),
    staleTime: 15_000,
  });
}

/** Says what a kind of channel is called: in this console's words, in the kind's own, or in those of a plugin that is off. */
export function useKindTitles(): (kind: string) => string {
  const { t } = useTranslation();
  const kinds = useChannels().data?.items;
  const plugins = useInstalledPlugins();
  return (kind) =>
    t(`channel.${kind}`, {
      defaultValue: (kinds?.find((k) => k.kind === kind) ?? plugins?.find((p) => p.id === kind))?.title ?? kind,
    });
}
