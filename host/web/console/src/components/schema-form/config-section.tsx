import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import form from "~/components/form.module.css";
import { Section } from "~/components/page.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import { SchemaForm } from "./schema-form.tsx";
import { type Configurable, useConfigForm } from "./use-config-form.ts";

interface Props {
  title: string;
  kind: Configurable;
  stored: Record<string, unknown>;
  readOnly: boolean;
  busy: boolean;
  save: (config: Record<string, unknown>) => Promise<unknown>;
}

/** Stored settings, drawn from their schema, with what the host says of each when it does not take them. */
export function ConfigSection({ title, kind, stored, readOnly, busy, save }: Props) {
  const { t } = useTranslation();
  const config = useConfigForm(kind, stored);
  const problem = useFormProblem();
  if (config.fields.length === 0) return null;
  const submit = async (values: Record<string, unknown>) => {
    problem.clear();
    try {
      await save(values);
      config.reset();
      notify(t("form.saved"));
    } catch (error) {
      problem.set(error);
      notifyError(error, t("form.not_saved"));
    }
  };
  return (
    <Section title={title}>
      <form
        className={form.fields}
        onSubmit={(event) => {
          event.preventDefault();
          const values = config.collect();
          if (values !== null) void submit(values);
        }}
      >
        <SchemaForm
          fields={config.fields}
          values={config.values}
          complaints={config.complaints}
          refusal={(name) => problem.field(`config.${name}`, name)}
          disabled={readOnly}
          onChange={config.change}
        />
        {readOnly ? null : (
          <div className={form.bar}>
            <Button type="submit" disabled={!config.dirty} loading={busy}>
              {t("common.save")}
            </Button>
            {config.dirty ? (
              <Button
                variant="subtle"
                color="gray"
                onClick={() => {
                  problem.clear();
                  config.reset();
                }}
              >
                {t("form.revert")}
              </Button>
            ) : null}
          </div>
        )}
      </form>
    </Section>
  );
}
