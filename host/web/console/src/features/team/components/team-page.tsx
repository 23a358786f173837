import { Button, Menu, Table } from "@mantine/core";
import type { Operator } from "@omnichat/api-client/types";
import { IconDots, IconKey, IconLink, IconPencil, IconPlus, IconShieldCheck, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/avatar.tsx";
import { IconButton } from "~/components/icon-button.tsx";
import { Page } from "~/components/page.tsx";
import { ErrorState, PageSkeleton } from "~/components/states.tsx";
import { notify, notifyError } from "~/lib/toasts.ts";
import { useCan, useMe } from "~/queries/me.ts";
import { useOperators } from "~/queries/operators.ts";
import { useRoleNames } from "~/queries/roles.ts";
import { useInviteAgain, useUpdateOperator } from "../api/use-team-mutations.ts";
import { InviteLinkDialog } from "./invite-link-dialog.tsx";
import { OperatorDialog } from "./operator-dialog.tsx";
import classes from "./team.module.css";

export function TeamPage() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const manage = can("operators.manage");
  const query = useOperators();
  const [editing, setEditing] = useState<Operator | "new" | null>(null);
  const [link, setLink] = useState<{ name: string; url: string } | null>(null);
  return (
    <Page
      title={t("areas.team")}
      wide
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconShieldCheck size={16} stroke={1.7} />}
            onClick={() => void navigate({ to: "/team/roles" })}
          >
            {t("areas.roles")}
          </Button>
          {can("api_keys.manage") ? (
            <Button
              variant="default"
              leftSection={<IconKey size={16} stroke={1.7} />}
              onClick={() => void navigate({ to: "/team/keys" })}
            >
              {t("areas.api_keys")}
            </Button>
          ) : null}
          {manage ? (
            <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={() => setEditing("new")}>
              {t("team.invite")}
            </Button>
          ) : null}
        </>
      }
    >
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data === undefined ? null : (
        <Table.ScrollContainer minWidth={620}>
          <Table verticalSpacing={10} highlightOnHover className={classes.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("team.person")}</Table.Th>
                <Table.Th>{t("team.role")}</Table.Th>
                <Table.Th>{t("team.state")}</Table.Th>
                <Table.Th className={classes.number}>{t("team.load")}</Table.Th>
                <Table.Th>
                  <span className="visually-hidden">{t("team.actions")}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.items.map((operator) => (
                <OperatorRow
                  key={operator.id}
                  operator={operator}
                  manage={manage}
                  onEdit={() => setEditing(operator)}
                  onLink={(url) => setLink({ name: operator.name, url })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {editing === null ? null : (
        <OperatorDialog
          operator={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onInvited={(name, url) => {
            setEditing(null);
            setLink({ name, url });
          }}
        />
      )}
      {link === null ? null : <InviteLinkDialog link={link} onClose={() => setLink(null)} />}
    </Page>
  );
}

interface RowProps {
  operator: Operator;
  manage: boolean;
  onEdit: () => void;
  onLink: (url: string) => void;
}

function OperatorRow({ operator: o, manage, onEdit, onLink }: RowProps) {
  const { t } = useTranslation();
  const me = useMe().operator.id;
  const roleName = useRoleNames();
  const update = useUpdateOperator();
  const again = useInviteAgain();
  const disable = (disabled: boolean, operator: Operator = o): void =>
    update.mutate(
      { operator, patch: { disabled } },
      {
        onSuccess: (saved) =>
          notify(t(disabled ? "team.disabled_done" : "team.enabled_done", { name: o.name }), () => disable(!disabled, saved)),
        onError: (error) => notifyError(error, t("team.not_saved")),
      },
    );
  return (
    <Table.Tr data-testid="operator-row" className={o.disabled ? classes.off : undefined}>
      <Table.Td>
        <span className={classes.person}>
          <Avatar id={o.id} name={o.name} url={o.avatar_url} size={32} status={o.disabled || o.invited ? undefined : o.status} />
          <span className={classes.names}>
            <span className={classes.name}>
              {o.name}
              {o.id === me ? <span className={classes.dim}> · {t("conversation.you")}</span> : null}
            </span>
            <span className={classes.dim}>{o.email}</span>
          </span>
        </span>
      </Table.Td>
      <Table.Td>{roleName(o.role)}</Table.Td>
      <Table.Td className={classes.dim}>
        {o.disabled ? t("team.disabled") : o.invited ? t("team.invited") : t(`presence.${o.status}`)}
      </Table.Td>
      <Table.Td className={classes.number} title={t("team.load_hint")}>
        {o.load} / {o.capacity}
      </Table.Td>
      <Table.Td className={classes.number}>
        {manage ? (
          <Menu width={220}>
            <Menu.Target>
              <IconButton label={t("team.actions_for", { name: o.name })}>
                <IconDots size={18} stroke={1.7} />
              </IconButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} stroke={1.7} />} onClick={onEdit}>
                {t("team.edit")}
              </Menu.Item>
              {o.invited && !o.disabled ? (
                <Menu.Item
                  leftSection={<IconLink size={16} stroke={1.7} />}
                  onClick={() =>
                    again.mutate(o.id, {
                      onSuccess: (answer) => onLink(answer.invite_url),
                      onError: (error) => notifyError(error, t("team.no_link")),
                    })
                  }
                >
                  {t("team.invite_again")}
                </Menu.Item>
              ) : null}
              {o.id === me ? null : o.disabled ? (
                <Menu.Item leftSection={<IconUserCheck size={16} stroke={1.7} />} onClick={() => disable(false)}>
                  {t("team.enable")}
                </Menu.Item>
              ) : (
                <Menu.Item color="red" leftSection={<IconUserOff size={16} stroke={1.7} />} onClick={() => disable(true)}>
                  {t("team.disable")}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}
