import { Button } from "@mantine/core";
import type { Tag } from "@omnichat/api-client/types";
import { IconLock, IconPlus, IconTags } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DamagedNote } from "~/components/damaged-note.tsx";
import { Page } from "~/components/page.tsx";
import rows from "~/components/rows.module.css";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { sorted } from "~/lib/tags.ts";
import { useCan } from "~/queries/me.ts";
import { useTags } from "~/queries/tags.ts";
import { DeleteTag } from "./delete-tag.tsx";
import { TagDialog } from "./tag-dialog.tsx";
import { TagRow } from "./tag-row.tsx";

/** What the organisation says of tags: their colours, and what they are for. */
export function TagsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const query = useTags();
  const [editing, setEditing] = useState<Tag | "new" | null>(null);
  const [deleting, setDeleting] = useState<Tag | null>(null);
  const add = () => setEditing("new");
  const manages = can("tags.manage");
  const items = query.data?.items;
  if (!can("conversations.read_own") && !can("conversations.read_all")) {
    return (
      <Page title={t("areas.tags")}>
        <EmptyState icon={<IconLock size={28} stroke={1.5} />} text={t("errors.forbidden")} />
      </Page>
    );
  }
  return (
    <Page
      title={t("areas.tags")}
      lead={t("tags.lead")}
      actions={
        !manages || items === undefined || items.length === 0 ? null : (
          <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={add}>
            {t("tags.add")}
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
          icon={<IconTags size={28} stroke={1.5} />}
          text={manages ? t("tags.empty") : t("tags.none")}
          {...(manages ? { action: { label: t("tags.add"), run: add } } : {})}
        />
      ) : null}
      {items === undefined || items.length === 0 ? null : (
        <ul className={rows.rows} aria-label={t("areas.tags")}>
          {sorted(items).map((tag) => (
            <TagRow
              key={tag.id}
              tag={tag}
              changeable={manages}
              onEdit={() => setEditing(tag)}
              onDelete={() => setDeleting(tag)}
            />
          ))}
        </ul>
      )}
      {editing === null ? null : <TagDialog tag={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
      {deleting === null ? null : <DeleteTag tag={deleting} onClose={() => setDeleting(null)} />}
    </Page>
  );
}
