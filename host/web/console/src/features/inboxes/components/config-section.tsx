import { Button } from "@mantine/core";
import type { ChannelKind, Inbox } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { Section } from "~/components/page.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useUpdateInbox } from "../api/use-inbox-mutations.ts";
import { useConfigForm } from "../hooks/use-config-form.ts";
import classes from "./inboxes.module.css";
import { SchemaForm } from "./schema-form.tsx";

interface Props {
  inbox: Inbox;
  kind: ChannelKind;
  readOnly: boolean;
}

/** The channel's own settings, drawn from its schema. */
export function ConfigSection({ inbox, kind, readOnly }: Props) {
  const { t } = useTranslation();
  const form = useConfigForm(kind, inbox.config);
  const update = useUpdateInbox(inbox);
  const problem = useFormProblem();
  if (form.fields.length === 0) return null;
  return (
    <Section title={t("channels.settings")}>
      <form
        className={classes.form}
        style={{ paddingTop: 0 }}
        onSubmit={(event) => {
          event.preventDefault();
          const config = form.collect();
          if (config === null) return;
          problem.clear();
          update.mutate(
            { config },
            {
              onSuccess: () => {
                form.reset();
                notify(t("channels.saved"));
              },
              onError: (error) => {
                problem.set(error);
                notifyError(error, t("channels.not_saved"));
              },
            },
          );
        }}
      >
        <SchemaForm
          fields={form.fields}
          values={form.values}
          complaints={form.complaints}
          refusal={(name) => problem.field(`config.${name}`, name)}
          disabled={readOnly}
          onChange={form.change}
        />
        {readOnly ? null : (
          <div className={classes.bar}>
            <Button type="submit" disabled={!form.dirty} loading={update.isPending}>
              {t("common.save")}
            </Button>
            {form.dirty ? (
              <Button variant="subtle" color="gray" onClick={form.reset}>
                {t("channels.revert")}
              </Button>
            ) : null}
          </div>
        )}
      </form>
    </Section>
  );
}
