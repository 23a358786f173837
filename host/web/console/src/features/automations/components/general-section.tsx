import { Button, Switch, TextInput } from "@mantine/core";
import type { Automation } from "@omnichat/api-client/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import form from "~/components/form.module.css";
import { Section } from "~/components/page.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useUpdateAutomation } from "../api/use-automation-mutations.ts";

/** On or off, and the name. */
export function GeneralSection({ automation: a }: { automation: Automation }) {
  const { t } = useTranslation();
  const update = useUpdateAutomation(a);
  const rename = useUpdateAutomation(a);
  const problem = useFormProblem();
  /** Null until somebody writes: then what others save no longer shows through. */
  const [draft, setDraft] = useState<string | null>(null);
  const title = draft ?? a.title;
  const turn = (enabled: boolean) =>
    update.mutate(
      { enabled },
      {
        onSuccess: () => notify(t(enabled ? "automations.turned_on" : "automations.turned_off", { title: a.title })),
        onError: (error) => notifyError(error, t("form.not_saved")),
      },
    );
  return (
    <Section title={t("automations.general")}>
      <Switch
        label={t(`automations.enabled.${a.role}`)}
        description={t(`automations.enabled_hint.${a.role}`)}
        checked={update.isPending ? update.variables.enabled === true : a.enabled}
        disabled={update.isPending}
        onChange={(event) => turn(event.currentTarget.checked)}
      />
      <form
        className={form.fields}
        onSubmit={(event) => {
          event.preventDefault();
          problem.clear();
          rename.mutate(
            { title: title.trim() },
            {
              onSuccess: () => {
                setDraft(null);
                notify(t("form.saved"));
              },
              onError: (error) => {
                problem.set(error);
                notifyError(error, t("form.not_saved"));
              },
            },
          );
        }}
      >
        <TextInput
          label={t("automations.name")}
          description={t(`automations.name_hint.${a.role}`)}
          required
          withAsterisk={false}
          value={title}
          error={problem.field("title")}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" disabled={title.trim() === "" || title.trim() === a.title} loading={rename.isPending}>
            {t("common.save")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
