import type { Inbox } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { CopyField } from "~/components/copy-field.tsx";
import { Section } from "~/components/page.tsx";
import { widgetSnippet } from "../snippet.ts";

export function SnippetSection({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  return (
    <Section title={t("channels.snippet")} hint={t("channels.snippet_hint")}>
      <CopyField label={t("channels.snippet")} text={widgetSnippet(location.origin, inbox.id)} multiline />
    </Section>
  );
}
