import { Autocomplete, Button, Group, Indicator, Popover, Select, Switch } from "@mantine/core";
import type { ConversationStatus, Priority } from "@omnichat/api-client/types";
import { IconAdjustmentsHorizontal, IconBookmarkPlus, IconPencil, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import { priorities, statuses } from "~/lib/condition.ts";
import { sorted } from "~/lib/tags.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useOperators } from "~/queries/operators.ts";
import { useTags } from "~/queries/tags.ts";
import type { ChosenView } from "../hooks/use-chosen-view.ts";
import type { ViewEditor } from "../hooks/use-view-editor.tsx";
import { type InboxSearch, narrowings } from "../search.ts";
import classes from "./filter-menu.module.css";

interface Props {
  search: InboxSearch;
  view: ChosenView | null;
  phone: boolean;
  editor: ViewEditor;
}

/** Narrows the view; what is chosen is in the address bar, and can be kept as a view of its own. */
export function FilterMenu({ search, view, phone, editor }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const inboxes = useInboxes();
  const operators = useOperators();
  const tags = useTags();
  const [opened, setOpened] = useState(false);
  const [tag, setTag] = useState(search.tag ?? "");
  const change = (over: { [K in keyof InboxSearch]: InboxSearch[K] | undefined }) => {
    const next = Object.fromEntries(Object.entries({ ...search, ...over }).filter(([, v]) => v !== undefined));
    void navigate({ to: ".", search: next as InboxSearch, replace: true });
  };
  const count = narrowings(search);
  const kinds = [...new Set((inboxes.data?.items ?? []).map((inbox) => inbox.kind))];
  const leaveFor = (then: () => void) => () => {
    setOpened(false);
    then();
  };
  // Beside their names in the list there is no room on a phone.
  const changeable = phone && view?.saved && editor.mayChange(view.saved) ? view.saved : null;
  const common = { clearable: true, size: "sm" as const, comboboxProps: { withinPortal: false } };

  return (
    <Popover
      position="bottom-end"
      width={280}
      trapFocus
      opened={opened}
      onChange={setOpened}
      onOpen={() => setTag(search.tag ?? "")}
    >
      <Indicator disabled={count === 0} label={count} size={16} offset={5} color="accent">
        <Popover.Target>
          <IconButton label={t("filters.title")} onClick={() => setOpened(!opened)}>
            <IconAdjustmentsHorizontal size={18} stroke={1.7} />
          </IconButton>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown className={classes.menu}>
        <Select
          {...common}
          label={t("filters.inbox")}
          placeholder={t("filters.any")}
          data={(inboxes.data?.items ?? []).map((inbox) => ({ value: inbox.id, label: inbox.title }))}
          value={search.inbox ?? null}
          onChange={(value) => change({ inbox: value ?? undefined })}
        />
        <Select
          {...common}
          label={t("filters.channel")}
          placeholder={t("filters.any")}
          data={kinds.map((kind) => ({ value: kind, label: t(`channel.${kind}`, { defaultValue: kind }) }))}
          value={search.channel ?? null}
          onChange={(value) => change({ channel: value ?? undefined })}
        />
        <Select
          {...common}
          label={t("filters.status")}
          placeholder={t("filters.any")}
          data={statuses.map((value) => ({ value, label: t(`status.${value}`) }))}
          value={search.status ?? null}
          onChange={(value) => change({ status: (value as ConversationStatus | null) ?? undefined })}
        />
        <Select
          {...common}
          label={t("filters.priority")}
          placeholder={t("filters.any")}
          data={priorities.map((value) => ({ value, label: t(`priority.${value}`) }))}
          value={search.priority ?? null}
          onChange={(value) => change({ priority: (value as Priority | null) ?? undefined })}
        />
        <Select
          {...common}
          label={t("filters.assignee")}
          placeholder={t("filters.any")}
          searchable
          data={[
            { value: "me", label: t("filters.me") },
            { value: "none", label: t("filters.nobody") },
            ...(operators.data?.items ?? []).map((o) => ({ value: o.id, label: o.name })),
          ]}
          value={search.assignee ?? null}
          onChange={(value) => change({ assignee: value ?? undefined })}
        />
        <Autocomplete
          size="sm"
          label={t("filters.tag")}
          placeholder={t("filters.any")}
          data={sorted(tags.data?.items ?? []).map(({ name }) => name)}
          limit={8}
          comboboxProps={{ withinPortal: false }}
          value={tag}
          onChange={setTag}
          onOptionSubmit={(name) => change({ tag: name })}
          onBlur={() => change({ tag: tag.trim() || undefined })}
          onKeyDown={(event) => {
            if (event.key === "Enter") change({ tag: tag.trim() || undefined });
          }}
        />
        <Switch
          mt="sm"
          label={t("filters.unread")}
          checked={search.unread === true}
          onChange={(event) => change({ unread: event.currentTarget.checked || undefined })}
        />
        <Group justify="flex-end" mt="sm">
          <Button
            variant="subtle"
            size="compact-sm"
            disabled={count === 0}
            onClick={() => {
              setTag("");
              void navigate({
                to: ".",
                search: search.view === undefined ? {} : { view: search.view },
                replace: true,
              });
            }}
          >
            {t("filters.clear")}
          </Button>
        </Group>
        {view === null ? null : (
          <div className={classes.actions}>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconBookmarkPlus size={16} stroke={1.7} />}
              onClick={leaveFor(() => editor.add(view.query))}
            >
              {t("views.save_as")}
            </Button>
            {changeable === null ? null : (
              <>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<IconPencil size={16} stroke={1.7} />}
                  onClick={leaveFor(() => editor.edit(changeable))}
                >
                  {t("views.edit_this")}
                </Button>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  color="red"
                  leftSection={<IconTrash size={16} stroke={1.7} />}
                  onClick={leaveFor(() => editor.remove(changeable))}
                >
                  {t("views.delete_this")}
                </Button>
              </>
            )}
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
