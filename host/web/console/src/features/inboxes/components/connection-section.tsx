import { Button } from "@mantine/core";
import type { Inbox } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { CopyField } from "~/components/copy-field.tsx";
import form from "~/components/form.module.css";
import { Section } from "~/components/page.tsx";
import { notifyError } from "~/lib/toasts.ts";
import { useTestInbox, useWebhook } from "../api/use-inbox-mutations.ts";
import { HealthLine } from "./health-line.tsx";
import classes from "./inboxes.module.css";
import { TestResult } from "./test-result.tsx";

/** Whether the platform answers, and the webhook where it has one. */
export function ConnectionSection({ inbox, readOnly }: { inbox: Inbox; readOnly: boolean }) {
  const { t } = useTranslation();
  const test = useTestInbox(inbox.id);
  const webhook = useWebhook(inbox.id);
  const failed = (error: unknown) => notifyError(error, t("channels.webhook_failed"));
  return (
    <Section title={t("channels.connection")} hint={<HealthLine inbox={inbox} />}>
      <TestResult result={test.data} error={test.error} />
      {readOnly ? null : (
        <div>
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            {t("channels.test")}
          </Button>
        </div>
      )}
      {inbox.capabilities.webhook_registration || inbox.webhook_url !== null ? (
        <>
          <h3 className={classes.group}>{t("channels.webhook")}</h3>
          {inbox.webhook_url === null ? (
            <p className={classes.dim}>
              {t("channels.webhook_none")}
            </p>
          ) : (
            <CopyField label={t("channels.webhook")} text={inbox.webhook_url} />
          )}
          {readOnly || !inbox.capabilities.webhook_registration ? null : (
            <div className={form.bar}>
              <Button
                variant="default"
                loading={webhook.isPending && webhook.variables}
                onClick={() => webhook.mutate(true, { onError: failed })}
              >
                {t("channels.webhook_register")}
              </Button>
              {inbox.webhook_url === null ? null : (
                <Button
                  variant="subtle"
                  color="gray"
                  loading={webhook.isPending && !webhook.variables}
                  onClick={() => webhook.mutate(false, { onError: failed })}
                >
                  {t("channels.webhook_remove")}
                </Button>
              )}
            </div>
          )}
        </>
      ) : null}
    </Section>
  );
}
