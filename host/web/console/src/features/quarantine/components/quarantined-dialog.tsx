import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { Confirm } from "~/components/confirm.tsx";
import { FoldedText } from "~/components/folded-text.tsx";
import { Bar, Delayed, ErrorState } from "~/components/states.tsx";
import { moment } from "~/lib/time.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useDeleteQuarantined, useQuarantined, useReplay } from "../api/use-quarantine.ts";
import classes from "./quarantine.module.css";

export function QuarantinedDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const query = useQuarantined(id);
  const replay = useReplay();
  const remove = useDeleteQuarantined();
  const [confirming, setConfirming] = useState(false);
  const item = query.data;
  const headers = Object.entries(item?.headers ?? {});
  return (
    <Dialog opened onClose={onClose} size="lg" title={t("quarantine.title")}>
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {query.isPending ? (
        <Delayed>
          <Bar width="70%" height={16} />
        </Delayed>
      ) : null}
      {item === undefined ? null : (
        <div className={classes.detail}>
          <dl className={classes.pairs}>
            <dt>{t("quarantine.reason")}</dt>
            <dd>
              <FoldedText text={item.reason} />
            </dd>
            <dt>{t("quarantine.received")}</dt>
            <dd>{moment(item.received_at)}</dd>
            <dt>{t("quarantine.attempts")}</dt>
            <dd>{item.attempts}</dd>
          </dl>
          <h3 className={classes.subtitle}>{t("quarantine.headers")}</h3>
          <pre className={classes.code} tabIndex={0}>
            {headers.map(([name, value]) => `${name}: ${value}`).join("\n")}
          </pre>
          <h3 className={classes.subtitle}>{t("quarantine.body")}</h3>
          <pre className={classes.code} tabIndex={0}>
            {pretty(item.body)}
          </pre>
          <Group justify="space-between">
            <Button color="red" variant="subtle" onClick={() => setConfirming(true)}>
              {t("common.delete")}
            </Button>
            <Button
              loading={replay.isPending}
              onClick={() =>
                replay.mutate(id, {
                  onSuccess: (answer) => {
                    if (answer.state === "replayed") {
                      notify(t("quarantine.replayed"));
                      onClose();
                    } else notifyError(new Error(answer.reason), t("quarantine.held_again", { reason: answer.reason }));
                  },
                  onError: (error) => notifyError(error, t("quarantine.not_replayed")),
                })
              }
            >
              {t("quarantine.replay")}
            </Button>
          </Group>
        </div>
      )}
      <Confirm
        opened={confirming}
        title={t("quarantine.delete_title")}
        text={t("quarantine.delete_text")}
        action={t("common.delete")}
        busy={remove.isPending}
        onClose={() => setConfirming(false)}
        onConfirm={() =>
          remove.mutate(id, {
            onSuccess: onClose,
            onError: (error) => {
              setConfirming(false);
              notifyError(error, t("quarantine.not_deleted"));
            },
          })
        }
      />
    </Dialog>
  );
}

/** JSON indented for reading; anything else as it came. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
