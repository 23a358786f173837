import { Select } from "@mantine/core";
import type { Conversation, Priority } from "@omnichat/api-client/types";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "~/lib/shortcuts.ts";
import { moment } from "~/lib/time.ts";
import { useCan } from "~/queries/me.ts";
import { useOperatorNames } from "~/queries/operators.ts";
import type { ConversationActions } from "../hooks/use-conversation-actions.ts";
import classes from "./conversation-details.module.css";
import { TagField } from "./tag-field.tsx";

const priorities: Priority[] = ["urgent", "high", "normal", "low"];

/** What belongs to the conversation: priority, tags, what is spoken of, who takes part, how it was routed. */
export function ConversationDetails({ conversation: c, actions }: { conversation: Conversation; actions: ConversationActions }) {
  const { t } = useTranslation();
  const can = useCan();
  const names = useOperatorNames();
  const tags = useRef<HTMLInputElement>(null);
  const manage = can("conversations.manage");
  useShortcuts({ KeyT: manage ? () => tags.current?.focus() : undefined });
  const participants = c.participant_ids.map((id) => names.get(id)?.name).filter((name) => name !== undefined);
  return (
    <section className={classes.section} aria-label={t("conversation.details")}>
      <h2 className={classes.title}>{t("conversation.details")}</h2>
      <Select
        label={t("filters.priority")}
        classNames={{ label: classes.label }}
        allowDeselect={false}
        readOnly={!manage}
        data={priorities.map((value) => ({ value, label: t(`priority.${value}`) }))}
        value={c.priority}
        onChange={(value) => {
          if (value !== null && value !== c.priority) void actions.setPriority(c, value as Priority);
        }}
      />
      <TagField
        ref={tags}
        conversation={c}
        readOnly={!manage}
        labelClass={classes.label}
        onChange={(next) => void actions.setTags(c, next)}
      />
      <About conversation={c} />
      <dl className={classes.pairs}>
        {participants.length === 0 ? null : (
          <div>
            <dt>{t("conversation.participants")}</dt>
            <dd>{participants.join(", ")}</dd>
          </div>
        )}
        <div>
          <dt>{t("conversation.started")}</dt>
          <dd>{moment(c.created_at)}</dd>
        </div>
        {c.first_response_at === null ? null : (
          <div>
            <dt>{t("conversation.first_response")}</dt>
            <dd>{moment(c.first_response_at)}</dd>
          </div>
        )}
        {c.routing === null ? null : (
          <div>
            <dt>{t("conversation.routing")}</dt>
            <dd title={c.routing.reason === "" ? undefined : c.routing.reason}>
              {t(`routing.${c.routing.strategy}`, { defaultValue: c.routing.strategy })}, {moment(c.routing.at)}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** Its subject, what is spoken of, and what the organisation has noted. */
function About({ conversation: c }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const facts = Object.entries(c.context?.facts ?? {});
  const attributes = Object.entries(c.attributes);
  if (c.subject === null && c.context === null && attributes.length === 0) return null;
  return (
    <dl className={classes.pairs}>
      {c.subject === null ? null : (
        <div>
          <dt>{t("conversation.subject")}</dt>
          <dd>{c.subject}</dd>
        </div>
      )}
      {c.context === null ? null : (
        <div>
          <dt>{t("conversation.context")}</dt>
          <dd>
            {c.context.url === null ? (
              c.context.title
            ) : (
              <a href={c.context.url} target="_blank" rel="noopener noreferrer" title={c.context.url}>
                {c.context.title || c.context.url}
              </a>
            )}
          </dd>
        </div>
      )}
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name === "referrer" ? t("conversation.referrer") : name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {attributes.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
