import type { Message } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { Bar, Delayed, ErrorState } from "~/components/states.tsx";
import { clock, exact, shortDate } from "~/lib/time.ts";
import { useRevisions } from "../api/use-revisions.ts";
import classes from "./revision-history.module.css";
import { RichText } from "~/components/rich-text.tsx";

/** The earlier texts of an edited or deleted message, newest first. */
export function RevisionHistory({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useRevisions(message.id, message.revisions, true);
  if (isPending) {
    return (
      <Delayed>
        <Bar width="80%" />
      </Delayed>
    );
  }
  if (error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <section aria-label={t("message.history")}>
      <h3 className={classes.title}>{t("message.history")}</h3>
      <ol className={classes.list}>
        {data.items.toReversed().map((revision) => (
          <li key={revision.at} className={classes.item}>
            <div className={classes.meta} title={exact(revision.at)}>
              {revision.by.name} · {shortDate(revision.at)}, {clock(revision.at)}
            </div>
            {revision.text === "" ? (
              <span className={classes.meta}>{t("message.no_text")}</span>
            ) : (
              <RichText text={revision.text} spans={revision.spans} />
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
