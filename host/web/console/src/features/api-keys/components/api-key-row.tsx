import { Menu } from "@mantine/core";
import type { ApiKey, ApiKeyWithToken } from "@omnichat/api-client/types";
import { IconDots, IconKey, IconPencil, IconRefresh, IconTrash, IconUserCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/confirm.tsx";
import { IconButton } from "~/components/icon-button.tsx";
import rows from "~/components/rows.module.css";
import { StateLine } from "~/components/state-line.tsx";
import { brief, day, exact, useNow } from "~/lib/time.ts";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useOperators } from "~/queries/operators.ts";
import { useRevokeApiKey, useUpdateApiKey } from "../api/use-api-key-mutations.ts";
import { isOver } from "../grantable.ts";
import classes from "./api-keys.module.css";
import { RotateDialog } from "./rotate-dialog.tsx";

interface Props {
  apiKey: ApiKey;
  onEdit: () => void;
  onRotated: (made: ApiKeyWithToken) => void;
}

const signs = { active: "ok", suspended: "failed", expired: "off", revoked: "off" } as const;

/** So long before its end somebody has to think of a key. */
const soonDays = 14;

/** A key in the list: what it may do and where, who answers for it, when it was last used and ends. */
export function ApiKeyRow({ apiKey: key, onEdit, onRotated }: Props) {
  const { t } = useTranslation();
  const revoke = useRevokeApiKey();
  const update = useUpdateApiKey();
  const inboxes = useInboxes().data?.items ?? [];
  const operators = useOperators().data?.items ?? [];
  const [asking, setAsking] = useState<"rotate" | "revoke" | null>(null);
  const now = useNow();
  const over = isOver(key);
  const lost = key.permissions.length - key.effective_permissions.length;
  const responsible = operators.find((o) => o.id === key.responsible_id);
  const places = key.inbox_ids.map((id) => inboxes.find((inbox) => inbox.id === id)?.title ?? t("api_keys.inbox_gone"));
  const about = [
    t("api_keys.rights", { count: key.permissions.length }),
    places.join(", "),
    responsible === undefined ? "" : t("api_keys.answers", { name: responsible.name }),
    key.last_used_at === null ? t("api_keys.never_used") : t("api_keys.used", { at: brief(key.last_used_at, now) }),
    key.revoked_at !== null
      ? t("api_keys.revoked_at", { at: day(key.revoked_at) })
      : t(over ? "api_keys.ended" : "api_keys.ends", { at: day(key.expires_at) }),
  ];
  const left = Math.ceil((new Date(key.expires_at).getTime() - now) / 86_400_000);
  const soon = key.state === "active" && left <= soonDays;
  return (
    <li className={over ? `${rows.row} ${classes.over}` : rows.row} data-testid="api-key-row">
      <span className={rows.glyph}>
        <IconKey size={18} stroke={1.7} aria-hidden="true" />
      </span>
      <span className={rows.main}>
        <span className={classes.title}>{key.name}</span>
        <span className={rows.dim} title={t("api_keys.ends", { at: exact(key.expires_at) })}>
          {about.filter(Boolean).join(" · ")}
        </span>
        {key.state === "active" && lost > 0 ? (
          <span className={rows.dim}>{t("api_keys.lost", { count: lost })}</span>
        ) : null}
      </span>
      <span className={rows.aside}>
        <StateLine state={soon ? "warning" : signs[key.state]} title={t(`api_keys.state_hint.${key.state}`)}>
          {soon ? t("api_keys.soon", { count: left }) : t(`api_keys.state.${key.state}`)}
        </StateLine>
      </span>
      {over ? null : (
        <Menu width={240}>
          <Menu.Target>
            <IconButton label={t("team.actions_for", { name: key.name })}>
              <IconDots size={18} stroke={1.7} />
            </IconButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} stroke={1.7} />} onClick={onEdit}>
              {t("team.edit")}
            </Menu.Item>
            <Menu.Item leftSection={<IconRefresh size={16} stroke={1.7} />} onClick={() => setAsking("rotate")}>
              {t("api_keys.rotate")}
            </Menu.Item>
            {key.state === "suspended" ? (
              <Menu.Item leftSection={<IconUserCheck size={16} stroke={1.7} />} onClick={takeOver}>
                {t("api_keys.take_over")}
              </Menu.Item>
            ) : null}
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} stroke={1.7} />}
              onClick={() => setAsking("revoke")}
            >
              {t("api_keys.revoke")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {asking === "rotate" ? (
        <RotateDialog
          apiKey={key}
          onClose={() => setAsking(null)}
          onRotated={(made) => {
            setAsking(null);
            onRotated(made);
          }}
        />
      ) : null}
      <Confirm
        opened={asking === "revoke"}
        title={t("api_keys.revoke_title", { name: key.name })}
        text={t("api_keys.revoke_text")}
        action={t("api_keys.revoke")}
        busy={revoke.isPending}
        onClose={() => setAsking(null)}
        onConfirm={() =>
          revoke.mutate(key.id, {
            onSuccess: () => {
              setAsking(null);
              notify(t("api_keys.revoked", { name: key.name }));
            },
            onError: (error) => {
              setAsking(null);
              notifyError(error, t("api_keys.not_revoked"));
            },
          })
        }
      />
    </li>
  );

  function takeOver() {
    update.mutate(
      { key, patch: { take_over: true } },
      {
        onSuccess: () => notify(t("api_keys.taken_over", { name: key.name })),
        onError: (error) => notifyError(error, t("form.not_saved")),
      },
    );
  }
}
