import { useTranslation } from "react-i18next";
import type { Item } from "../timeline.ts";
import classes from "./failure-line.module.css";
import type { BubbleTools } from "./message-group.tsx";

/** Why a message has not reached the customer, in words, and what to do about it. */
export function FailureLine({ item, tools }: { item: Item; tools: BubbleTools }) {
  const { t, i18n } = useTranslation();
  const { message: m, pending } = item;
  if (pending?.phase === "waiting") {
    return <div className={classes.line}>{t("delivery.waiting_network")}</div>;
  }
  if (pending?.phase === "refused") {
    const { error } = pending;
    const code = `errors.${error?.code ?? "internal"}`;
    const reason =
      error !== null && ["rejected", "invalid"].includes(error.code) ? error.message : i18n.exists(code) ? t(code) : error?.message;
    return (
      <div className={classes.line} data-tone="danger" role="alert">
        <span>
          {t("delivery.refused")}: {reason}
          {error?.requestId == null ? null : <small className={classes.id}> {error.requestId}</small>}
        </span>
        <button type="button" className={classes.action} onClick={() => tools.onRetry(item)}>
          {t("delivery.retry")}
        </button>
        <button type="button" className={classes.action} onClick={() => tools.onDiscard(item)}>
          {t("delivery.discard")}
        </button>
      </div>
    );
  }
  if (m.state === "failed") {
    return (
      <div className={classes.line} data-tone="danger" role="alert">
        <span>
          {t("delivery.not_delivered")}
          {m.failure === null ? "" : `: ${m.failure.message}`}
        </span>
        {m.failure === null || m.failure.retryable ? (
          <button type="button" className={classes.action} onClick={() => tools.onRetry(item)}>
            {t("delivery.retry")}
          </button>
        ) : null}
      </div>
    );
  }
  if (m.state === "uncertain") {
    return (
      <div className={classes.line} data-tone="warning">
        <span>{t("delivery.uncertain_text")}</span>
        <button type="button" className={classes.action} onClick={() => tools.onRetry(item)}>
          {t("delivery.send_again")}
        </button>
      </div>
    );
  }
  return null;
}
