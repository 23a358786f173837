import { Button } from "@mantine/core";
import type { Inbox } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { CopyField } from "~/components/copy-field.tsx";
import form from "~/components/form.module.css";
import { Section } from "~/components/page.tsx";
import { StateLine } from "~/components/state-line.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useMe } from "~/queries/me.ts";
import { useWebhook } from "../api/use-inbox-mutations.ts";
import classes from "./inboxes.module.css";

/** Where the platform delivers, and who tells it so: the host, or whoever sets the platform up. */
export function WebhookSection({ inbox, readOnly }: { inbox: Inbox; readOnly: boolean }) {
  const { t } = useTranslation();
  const { public_url: publicUrl } = useMe();
  const webhook = useWebhook(inbox.id);
  const { webhook_registration: mayRegister, polling } = inbox.capabilities;
  const registered = inbox.webhook_url;
  const byHost = mayRegister || registered !== null;
  const address = registered ?? `${publicUrl ?? location.origin}${inbox.webhook_path}`;
  const turn = (on: boolean) =>
    webhook.mutate(on, {
      onSuccess: () => notify(t(on ? "channels.webhook.registered" : "channels.webhook.removed")),
      onError: (error) => notifyError(error, t("channels.webhook.failed")),
    });
  return (
    <Section
      title={t("channels.webhook.title")}
      hint={
        byHost ? (
          <StateLine state={registered === null ? "unknown" : "ok"}>
            {t(registered === null ? "channels.webhook.none" : "channels.webhook.there")}
          </StateLine>
        ) : (
          t("channels.webhook.by_hand")
        )
      }
    >
      <CopyField label={t("channels.webhook.address")} text={address} />
      {byHost ? (
        <p className={classes.dim}>
          {registered === null
            ? t(polling ? "channels.webhook.polled" : "channels.webhook.needed")
            : t("channels.webhook.by_host")}
        </p>
      ) : null}
      {registered === null && publicUrl === null ? <p className={classes.dim}>{t("channels.webhook.reachable")}</p> : null}
      {readOnly || !byHost ? null : (
        <div className={form.bar}>
          {mayRegister ? (
            <Button variant="default" loading={webhook.isPending && webhook.variables} onClick={() => turn(true)}>
              {t("channels.webhook.register")}
            </Button>
          ) : null}
          {registered === null ? null : (
            <Button
              variant="subtle"
              color="gray"
              loading={webhook.isPending && !webhook.variables}
              onClick={() => turn(false)}
            >
              {t("channels.webhook.remove")}
            </Button>
          )}
        </div>
      )}
    </Section>
  );
}
