import { Button } from "@mantine/core";
import type { Phrase } from "@omnichat/api-client/types";
import { IconLock, IconPlus, IconSlash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DamagedNote } from "~/components/damaged-note.tsx";
import { Page, Section } from "~/components/page.tsx";
import rows from "~/components/rows.module.css";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { sorted } from "~/lib/phrases.ts";
import { useCan } from "~/queries/me.ts";
import { usePhrases } from "~/queries/phrases.ts";
import { PhraseDialog } from "./phrase-dialog.tsx";
import { PhraseRow } from "./phrase-row.tsx";
import classes from "./phrases.module.css";

/** What operators answer with again and again: everybody's phrases and one's own. */
export function PhrasesPage() {
  const { t } = useTranslation();
  const can = useCan();
  const query = usePhrases();
  const [editing, setEditing] = useState<Phrase | "new" | null>(null);
  const add = () => setEditing("new");
  const items = query.data?.items;
  if (!can("messages.send")) {
    return (
      <Page title={t("areas.phrases")}>
        <EmptyState icon={<IconLock size={28} stroke={1.5} />} text={t("errors.forbidden")} />
      </Page>
    );
  }
  const part = (title: string, empty: string, phrases: Phrase[], changeable: boolean) => (
    <Section title={title}>
      {phrases.length === 0 ? <p className={classes.quiet}>{empty}</p> : null}
      <ul className={rows.rows}>
        {sorted(phrases).map((phrase) => (
          <PhraseRow key={phrase.id} phrase={phrase} changeable={changeable} onEdit={() => setEditing(phrase)} />
        ))}
      </ul>
    </Section>
  );
  return (
    <Page
      title={t("areas.phrases")}
      lead={t("phrases.lead")}
      actions={
        items === undefined || items.length === 0 ? null : (
          <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={add}>
            {t("phrases.add")}
          </Button>
        )
      }
    >
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError && items === undefined ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : null}
      <DamagedNote ids={query.data?.damaged ?? []} />
      {items?.length === 0 ? (
        <EmptyState
          icon={<IconSlash size={28} stroke={1.5} />}
          text={t("phrases.empty")}
          action={{ label: t("phrases.add"), run: add }}
        />
      ) : null}
      {items === undefined || items.length === 0 ? null : (
        <>
          {part(
            t("phrases.shared"),
            t("phrases.shared_empty"),
            items.filter((phrase) => phrase.owner_id === null),
            can("phrases.manage"),
          )}
          {part(
            t("phrases.own"),
            t("phrases.own_empty"),
            items.filter((phrase) => phrase.owner_id !== null),
            true,
          )}
        </>
      )}
      {editing === null ? null : (
        <PhraseDialog phrase={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
    </Page>
  );
}
