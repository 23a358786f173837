import { IconMapPinOff } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState } from "~/components/states.tsx";

export function NotFoundPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <main style={{ position: "relative", height: "100%" }}>
      <h1 className="visually-hidden">{t("errors.no_page_title")}</h1>
      <EmptyState
        icon={<IconMapPinOff size={32} stroke={1.5} />}
        text={t("errors.no_page")}
        action={{ label: t("common.open_inbox"), run: () => void navigate({ to: "/inbox" }) }}
      />
    </main>
  );
}
