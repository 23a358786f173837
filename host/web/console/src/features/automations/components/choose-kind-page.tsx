import { Navigate, useNavigate } from "@tanstack/react-router";
import { IconRobotOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { KindChoice } from "~/components/kind-choice.tsx";
import { Page } from "~/components/page.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useAutomationKinds, useAutomations } from "~/queries/automations.ts";
import { RoleGlyph } from "./role-glyph.tsx";

/** Which kind to set up; where there is one, nobody is asked. */
export function ChooseKindPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const query = useAutomationKinds();
  const automations = useAutomations().data?.items;
  const kinds = query.data?.items;
  const back = () => void navigate({ to: "/automations" });
  const [only] = kinds ?? [];
  if (kinds?.length === 1 && only !== undefined) {
    return <Navigate to="/automations/new/$kind" params={{ kind: only.kind }} replace />;
  }
  return (
    <Page title={t("automations.pick")} onBack={back}>
      {kinds === undefined ? (
        query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <PageSkeleton />
      ) : kinds.length === 0 ? (
        <EmptyState
          icon={<IconRobotOff size={28} stroke={1.5} />}
          text={t("automations.no_kinds")}
          action={{ label: t("automations.back"), run: back }}
        />
      ) : (
        <KindChoice
          choices={kinds.map((kind) => ({
            key: kind.kind,
            sign: <RoleGlyph role={kind.role} />,
            label: t(`automations.role.${kind.role}`),
            title: kind.title,
            text: isThere(kind.kind) ? `${kind.summary} ${t("automations.already")}.` : kind.summary,
            run: () => void navigate({ to: "/automations/new/$kind", params: { kind: kind.kind } }),
          }))}
        />
      )}
    </Page>
  );

  function isThere(kind: string): boolean {
    return automations?.some((a) => a.kind === kind && a.role === "tools") ?? false;
  }
}
