import { Alert } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "~/queries/me.ts";
import { useLack } from "~/queries/plugins.ts";

interface Props {
  /** The kind of channel or automation that is not there. */
  kind: string;
  /** What does not work because of it. */
  effect: string;
}

/** Why something that a plugin brings does not work, and the way to where that is changed. */
export function PluginLack({ kind, effect }: Props) {
  const { t } = useTranslation();
  const { why, title } = useLack(kind);
  const can = useCan();
  return (
    <Alert color="red" variant="light" mt="md">
      {t(`lack.${why}`, { title })} {effect}{" "}
      {!can("plugins.manage") ? null : why === "missing" ? (
        <Link to="/plugins">{t("lack.to_plugins")}</Link>
      ) : (
        <Link to="/plugins/$pluginId" params={{ pluginId: kind }}>
          {t("lack.to_plugin")}
        </Link>
      )}
    </Alert>
  );
}
