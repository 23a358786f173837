import { Button, TextInput } from "@mantine/core";
import type { AutomationKind } from "@omnichat/api-client/types";
import { IconRobotOff } from "@tabler/icons-react";
import { Navigate, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import layout from "~/components/form.module.css";
import { SchemaForm } from "~/components/schema-form/schema-form.tsx";
import { useConfigForm } from "~/components/schema-form/use-config-form.ts";
import { SetUpPage } from "~/components/set-up-page.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { useAutomationKinds, useAutomations } from "~/queries/automations.ts";
import { useCreateAutomation } from "../api/use-automation-mutations.ts";

/** Sets up a bot or tools of a kind. Tools of a kind are set up once: what is there is shown instead. */
export function NewAutomationPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { kind: wanted } = useParams({ strict: false });
  const kinds = useAutomationKinds();
  const automations = useAutomations();
  const failed = kinds.error ?? automations.error;
  const kind = kinds.data?.items.find((k) => k.kind === wanted);
  // One that a plugin has brought just now comes with the next answer.
  if (automations.data === undefined || kinds.data === undefined || (kind === undefined && kinds.isFetching)) {
    return failed === null ? (
      <PageSkeleton />
    ) : (
      <ErrorState
        error={failed}
        retry={() => {
          void kinds.refetch();
          void automations.refetch();
        }}
      />
    );
  }
  if (kind === undefined) {
    return (
      <EmptyState
        icon={<IconRobotOff size={28} stroke={1.5} />}
        text={t("automations.no_kind")}
        action={{ label: t("automations.back"), run: () => void navigate({ to: "/automations" }) }}
      />
    );
  }
  const there = automations.data.items.find((a) => a.kind === kind.kind && a.role === "tools");
  if (there !== undefined) {
    return <Navigate to="/automations/$automationId" params={{ automationId: there.id }} replace />;
  }
  const several = kinds.data.items.length > 1;
  return (
    <NewAutomationForm
      key={kind.kind}
      kind={kind}
      onBack={() => void navigate({ to: several ? "/automations/new" : "/automations" })}
    />
  );
}

function NewAutomationForm({ kind, onBack }: { kind: AutomationKind; onBack: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [title, setTitle] = useState(kind.title);
  const form = useConfigForm(kind, {});
  const problem = useFormProblem();
  const create = useCreateAutomation();
  return (
    <SetUpPage
      title={kind.title}
      lead={kind.summary}
      guide={kind.docs}
      problem={problem.summary(["title", ...form.fields.map((f) => `config.${f.name}`)])}
      onBack={onBack}
      onSubmit={() => {
        const config = form.collect();
        if (config === null) return;
        problem.clear();
        create.mutate(
          { kind: kind.kind, title: title.trim(), config },
          {
            onSuccess: ({ id }) =>
              void navigate({ to: "/automations/$automationId", params: { automationId: id }, replace: true }),
            onError: problem.set,
          },
        );
      }}
    >
      <TextInput
        label={t("automations.name")}
        description={t(`automations.name_hint.${kind.role}`)}
        required
        withAsterisk
        value={title}
        error={problem.field("title")}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <SchemaForm
        fields={form.fields}
        values={form.values}
        complaints={form.complaints}
        refusal={(name) => problem.field(`config.${name}`)}
        disabled={false}
        onChange={form.change}
      />
      <div className={layout.bar}>
        <Button type="submit" loading={create.isPending}>
          {t("automations.add")}
        </Button>
      </div>
    </SetUpPage>
  );
}
