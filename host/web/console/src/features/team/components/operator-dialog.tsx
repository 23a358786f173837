import { Alert, Button, Group, NumberInput, Select, TextInput } from "@mantine/core";
import type { Operator, Permission, Role } from "@omnichat/api-client/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { builtIn, hasEvery, isBuiltIn, mayGive } from "~/lib/roles.ts";
import { useMe } from "~/queries/me.ts";
import { useRights } from "~/queries/rights.ts";
import { useRoleNames, useRoles } from "~/queries/roles.ts";
import { useInviteOperator, useUpdateOperator } from "../api/use-team-mutations.ts";
import classes from "./team.module.css";

interface Props {
  /** Null to invite somebody new. */
  operator: Operator | null;
  onClose: () => void;
  onInvited: (name: string, url: string) => void;
}

export function OperatorDialog({ operator, onClose, onInvited }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const rights = useRights().data;
  const own = useRoles().data?.items ?? [];
  const nameOf = useRoleNames();
  const invite = useInviteOperator();
  const update = useUpdateOperator();
  const problem = useFormProblem();
  const [name, setName] = useState(operator?.name ?? "");
  const [email, setEmail] = useState(operator?.email ?? "");
  const [role, setRole] = useState<Role>(operator?.role ?? "operator");
  const [capacity, setCapacity] = useState(operator?.capacity ?? 5);
  const existing = rights?.rights.map(({ name: right }) => right) ?? [];
  const isBeyond = (value: Role, gives: Permission[] | undefined) =>
    (hasEvery(value) && !hasEvery(me.operator.role)) || (gives !== undefined && !mayGive(me.permissions, gives, existing));
  // Nobody gives what they lack; while the rights of a role are not known, the host is the one to say so.
  const offer = (value: Role, gives: Permission[] | undefined) => ({
    value,
    label: nameOf(value),
    disabled: value !== operator?.role && isBeyond(value, gives),
  });
  // An owner may do no more than an administrator, and still only owners make owners.
  const shown = builtIn.filter((r) => r !== "owner" || me.operator.role === "owner" || operator?.role === "owner");
  const readyMade = shown.map((r) => offer(r, rights?.roles.find((one) => one.role === r)?.permissions));
  const ownRoles = own.map(({ id, permissions }) => offer(id, permissions));
  const gone = [role].filter((r) => !isBuiltIn(r) && !own.some(({ id }) => id === r)).map((r) => offer(r, undefined));
  const others = [...ownRoles, ...gone];
  const hint = isBuiltIn(role) ? t(`team.role_hint.${role}`) : (own.find(({ id }) => id === role)?.description ?? undefined);
  const summary = problem.summary(["name", "email", "role", "capacity"]);
  const submit = () => {
    problem.clear();
    if (operator === null) {
      invite.mutate(
        { name: name.trim(), email: email.trim(), role, capacity },
        { onSuccess: (answer) => onInvited(answer.operator.name, answer.invite_url), onError: problem.set },
      );
    } else {
      update.mutate(
        { operator, patch: { name: name.trim(), role, capacity } },
        { onSuccess: onClose, onError: problem.set },
      );
    }
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      title={operator === null ? t("team.invite") : operator.name}
      size="sm"
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {summary === null ? null : (
          <Alert color="red" variant="light" role="alert">
            {summary}
          </Alert>
        )}
        <TextInput
          label={t("team.name")}
          required
          withAsterisk={false}
          data-autofocus
          value={name}
          error={problem.field("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t("auth.email")}
          type="email"
          required
          withAsterisk={false}
          disabled={operator !== null}
          value={email}
          error={problem.field("email")}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Select
          label={t("team.role")}
          description={hint}
          allowDeselect={false}
          disabled={operator?.id === me.operator.id}
          data={
            others.length === 0
              ? readyMade
              : [
                  { group: t("roles.own"), items: others },
                  { group: t("roles.built_in"), items: readyMade },
                ]
          }
          value={role}
          error={problem.field("role")}
          onChange={(value) => setRole(value ?? role)}
        />
        <NumberInput
          label={t("team.capacity")}
          description={t("team.capacity_hint")}
          min={0}
          max={1000}
          allowDecimal={false}
          value={capacity}
          error={problem.field("capacity")}
          onChange={(value) => setCapacity(typeof value === "number" ? value : 0)}
        />
        <Group justify="flex-end" mt="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={invite.isPending || update.isPending}>
            {operator === null ? t("team.create_link") : t("common.save")}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
