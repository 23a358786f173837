import { Button } from "@mantine/core";
import type { ApiKey, ApiKeyWithToken } from "@omnichat/api-client/types";
import { IconKey, IconLock, IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "~/components/page.tsx";
import rows from "~/components/rows.module.css";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useApiKeys } from "~/queries/api-keys.ts";
import { useCan } from "~/queries/me.ts";
import { inOrder } from "../grantable.ts";
import { ApiKeyRow } from "./api-key-row.tsx";
import { KeyDialog } from "./key-dialog.tsx";
import { TokenDialog } from "./token-dialog.tsx";

/** How programs come in: their keys, what each may do, when it was last used. */
export function ApiKeysPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const can = useCan();
  const query = useApiKeys();
  const [editing, setEditing] = useState<ApiKey | "new" | null>(null);
  const [made, setMade] = useState<ApiKeyWithToken | null>(null);
  const add = () => setEditing("new");
  const items = query.data?.items;
  if (!can("api_keys.manage")) {
    return (
      <Page title={t("areas.api_keys")}>
        <EmptyState icon={<IconLock size={28} stroke={1.5} />} text={t("errors.forbidden")} />
      </Page>
    );
  }
  return (
    <Page
      title={t("areas.api_keys")}
      lead={t("api_keys.lead")}
      onBack={() => void navigate({ to: "/team" })}
      actions={
        items === undefined || items.length === 0 ? null : (
          <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={add}>
            {t("api_keys.add")}
          </Button>
        )
      }
    >
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError && items === undefined ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : null}
      {items?.length === 0 ? (
        <EmptyState
          icon={<IconKey size={28} stroke={1.5} />}
          text={t("api_keys.empty")}
          action={{ label: t("api_keys.add"), run: add }}
        />
      ) : null}
      <ul className={rows.rows}>
        {inOrder(items ?? []).map((key) => (
          <ApiKeyRow key={key.id} apiKey={key} onEdit={() => setEditing(key)} onRotated={setMade} />
        ))}
      </ul>
      {editing === null ? null : (
        <KeyDialog
          apiKey={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onMade={(answer) => {
            setEditing(null);
            setMade(answer);
          }}
        />
      )}
      {made === null ? null : <TokenDialog made={made} onClose={() => setMade(null)} />}
    </Page>
  );
}
