import { type OptionsFilter, Pill, TagsInput } from "@mantine/core";
import type { Conversation, Tag } from "@omnichat/api-client/types";
import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { type Ref, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { TagChip } from "~/components/tag-chip.tsx";
import chip from "~/components/tag-chip.module.css";
import { byName, fitting, offered, withSpelling } from "~/lib/tags.ts";
import { keys } from "~/queries/keys.ts";
import { useTags } from "~/queries/tags.ts";
import type { ListPage } from "~/realtime/conversation-lists.ts";
import classes from "./tag-field.module.css";

interface Props {
  conversation: Conversation;
  readOnly: boolean;
  labelClass: string | undefined;
  ref: Ref<HTMLInputElement>;
  onChange: (tags: string[]) => void;
}

/** As many as are seen without much scrolling. */
const most = 8;

const none: Tag[] = [];

const filter: OptionsFilter = ({ options, search }) => {
  const items = options.flatMap((option) => ("items" in option ? option.items : [option]));
  const names = fitting(items.map(({ value }) => value), search, most);
  return names.flatMap((name) => items.find(({ value }) => value === name) ?? []);
};

/** The tags of a conversation. While one is typed, those that are described or in use are offered; any other will do as well. */
export function TagField({ conversation, readOnly, labelClass, ref, onChange }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const tags = useTags().data?.items ?? none;
  const known = byName(tags);
  const [opened, setOpened] = useState(false);
  const { tags: carried } = conversation;
  // What is in use elsewhere is looked at anew whenever somebody is about to choose.
  const names = useMemo(() => {
    const lists = client.getQueriesData<InfiniteData<ListPage>>({ queryKey: keys.conversationLists });
    return offered(tags, lists.flatMap(([, data]) => data?.pages.flatMap((page) => page.items) ?? []));
  }, [client, tags, opened]);
  return (
    <TagsInput
      ref={ref}
      label={t("conversation.tags")}
      classNames={{ label: labelClass ?? "" }}
      placeholder={carried.length === 0 ? t("conversation.add_tag") : ""}
      readOnly={readOnly}
      maxLength={50}
      value={carried}
      data={names}
      filter={filter}
      dropdownOpened={opened}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      onSearchChange={(typed) => {
        if (typed !== "") setOpened(true);
      }}
      renderPill={({ value, onRemove, disabled }) => {
        const tag = known.get(value ?? "");
        return (
          <Pill
            className={chip.coloured}
            data-colour={tag?.colour ?? "grey"}
            title={tag?.description === "" ? undefined : tag?.description}
            withRemoveButton={disabled !== true}
            onRemove={onRemove}
          >
            {value}
          </Pill>
        );
      }}
      renderOption={({ option: { value } }) => {
        const tag = known.get(value);
        return (
          <span className={classes.option}>
            <TagChip name={value} colour={tag?.colour} />
            {tag === undefined || tag.description === "" ? null : <span className={classes.about}>{tag.description}</span>}
          </span>
        );
      }}
      onChange={(next) => onChange(withSpelling(tags, carried, next))}
    />
  );
}
