import type { Message } from "@omnichat/api-client/types";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { clock, exact } from "~/lib/time.ts";
import classes from "./system-run.module.css";

/** What happened, as one small centred line; a run of more than two is folded. */
export function SystemRun({ messages }: { messages: Message[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const folded = messages.length > 2 && !open;
  const shown = folded ? messages.slice(-1) : messages;
  return (
    <div className={classes.run}>
      {folded ? (
        <button type="button" className={classes.fold} aria-expanded={false} onClick={() => setOpen(true)}>
          {t("system.more", { count: messages.length - 1 })}
        </button>
      ) : null}
      {shown.map((message) => (
        <div key={message.id} className={classes.line} title={exact(message.created_at)}>
          {systemText(message, t)} <time dateTime={message.created_at}>{clock(message.created_at)}</time>
        </div>
      ))}
    </div>
  );
}

export function systemText(message: Message, t: TFunction): string {
  const { part } = message;
  if (part?.type !== "system") return message.text;
  const by = part.actor === null || part.actor === "" ? "auto" : "by";
  const text = t(`system.${part.entry}.${by}`, {
    actor: part.actor ?? "",
    target: part.target ?? "",
    defaultValue: t(`system.${part.entry}.auto`, { target: part.target ?? "", defaultValue: part.entry }),
  });
  return part.comment === null || part.comment === "" ? text : `${text}: ${part.comment}`;
}
