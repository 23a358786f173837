import { Tooltip } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/avatar.tsx";
import { useMe } from "~/queries/me.ts";
import { useOperatorNames } from "~/queries/operators.ts";
import { useViewers } from "~/realtime/live.ts";
import classes from "./conversation-header.module.css";

/** Colleagues who have this conversation open, and which of them is writing an answer. */
export function ViewersNote({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const me = useMe().operator.id;
  const names = useOperatorNames();
  const others = useViewers(conversationId).filter((viewer) => viewer.operator_id !== me);
  if (others.length === 0) return null;
  const nameOf = (id: string) => names.get(id)?.name ?? t("conversation.colleague");
  const replying = others.find((viewer) => viewer.replying);
  return (
    <div className={classes.viewers} role="status">
      {others.slice(0, 3).map((viewer) => (
        <Tooltip
          key={viewer.operator_id}
          label={t(viewer.replying ? "conversation.is_replying" : "conversation.is_viewing", {
            name: nameOf(viewer.operator_id),
          })}
        >
          <span>
            <Avatar id={viewer.operator_id} name={nameOf(viewer.operator_id)} size={22} />
          </span>
        </Tooltip>
      ))}
      {replying === undefined ? (
        <span className="visually-hidden">
          {others.map((v) => t("conversation.is_viewing", { name: nameOf(v.operator_id) })).join(", ")}
        </span>
      ) : (
        <span className={classes.replying}>
          <IconPencil size={14} stroke={1.8} aria-hidden="true" />
          <span className={classes.replyingText}>
            {t("conversation.is_replying", { name: nameOf(replying.operator_id) })}
          </span>
        </span>
      )}
    </div>
  );
}
