import { Button, Switch } from "@mantine/core";
import type { Automation, Inbox } from "@omnichat/api-client/types";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Section } from "~/components/page.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useScenarios } from "~/queries/automations.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useCan } from "~/queries/me.ts";
import { useAnswerFirst } from "../api/use-automation-mutations.ts";
import classes from "./automations.module.css";

/** Where a bot answers before people do. */
export function InboxesSection({ automation }: { automation: Automation }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const inboxes = useInboxes().data?.items;
  const manage = useCan()("inboxes.manage");
  if (inboxes === undefined) return null;
  return (
    <Section title={t("automations.inboxes")} hint={t("automations.inboxes_hint")}>
      {inboxes.length > 0 ? (
        inboxes.map((inbox) => <InboxSwitch key={inbox.id} automation={automation} inbox={inbox} readOnly={!manage} />)
      ) : (
        <>
          <p className={classes.none}>{t("automations.inboxes_none")}</p>
          {manage ? (
            <div>
              <Button variant="default" onClick={() => void navigate({ to: "/channels/new", search: {} })}>
                {t("automations.add_channel")}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </Section>
  );
}

function InboxSwitch({ automation, inbox, readOnly }: { automation: Automation; inbox: Inbox; readOnly: boolean }) {
  const { t } = useTranslation();
  const change = useAnswerFirst(inbox);
  const other = useScenarios().find((a) => a.id === inbox.scenario && a.id !== automation.id);
  const answer = (scenario: string | null) =>
    change.mutate(scenario, {
      onSuccess: (saved) =>
        notify(
          saved.scenario === automation.id
            ? t("automations.answers_now", { title: automation.title, inbox: saved.title })
            : t("automations.answers_no_more", { inbox: saved.title }),
        ),
      onError: (error) => notifyError(error, t("form.not_saved")),
    });
  const notes = [
    other === undefined ? null : t("automations.other_answers", { name: other.title }),
    inbox.enabled ? null : t("automations.channel_off"),
  ].filter((note) => note !== null);
  return (
    <Switch
      label={inbox.title}
      description={notes.length === 0 ? undefined : notes.join(" · ")}
      checked={(change.isPending ? change.variables : inbox.scenario) === automation.id}
      disabled={readOnly || change.isPending}
      onChange={(event) => answer(event.currentTarget.checked ? automation.id : null)}
    />
  );
}
