import { Alert, Button, Group, TextInput } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import type { OwnRole, Permission } from "@omnichat/api-client/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChangedMeanwhile } from "~/components/changed-meanwhile.tsx";
import { Dialog } from "~/components/dialog.tsx";
import { RightsChoice } from "~/components/rights-choice.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { notify } from "~/lib/toasts.ts";
import { newerThan } from "~/queries/entities.ts";
import { useMe } from "~/queries/me.ts";
import { useRoleMutations, useRoles } from "~/queries/roles.ts";
import { bodyOf, type Draft, draftOf } from "../draft.ts";
import classes from "./roles.module.css";

interface Props {
  /** As it was when the window opened; null to make a new one. */
  role: OwnRole | null;
  /** What is in the form to begin with. */
  beginning: Draft;
  /** Every right that there is. */
  existing: Permission[];
  onClose: () => void;
}

/** What a role is called, and what it allows. */
export function RoleDialog({ role, beginning, existing, onClose }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const { create, update } = useRoleMutations();
  const problem = useFormProblem();
  // What is saved is based on what was seen, whatever events bring meanwhile.
  const [seen, setSeen] = useState(role);
  const newer = newerThan(seen, useRoles().data?.items);
  const [draft, setDraft] = useState(beginning);
  const { name, description, permissions } = draft;
  const summary = problem.summary(["name", "description", "permissions"]);
  const taken = problem.error instanceof ApiError && problem.error.fields.some((f) => f.field === "name" && f.code === "taken");
  const isOwn = seen !== null && me.operator.role === seen.id;
  const isFixed = (right: Permission) =>
    permissions.includes(right) ? isOwn && seen.permissions.includes(right) && existing.includes(right) : !me.permissions.includes(right);
  const show = (now: OwnRole) => {
    problem.clear();
    setSeen(now);
    setDraft(draftOf(now));
  };
  const submit = (over: OwnRole | null) => {
    problem.clear();
    setSeen(over);
    const done = {
      onSuccess: () => {
        notify(t("form.saved"));
        onClose();
      },
      onError: problem.set,
    };
    if (over === null) create.mutate(bodyOf(draft), done);
    else update.mutate({ entity: over, patch: bodyOf(draft) }, done);
  };
  const busy = create.isPending || update.isPending;
  return (
    <Dialog opened size="lg" busy={busy} onClose={onClose} title={seen === null ? t("roles.new") : seen.name}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit(seen);
        }}
      >
        {problem.isConflict && newer !== null ? (
          <ChangedMeanwhile onReload={() => show(newer)} onOverwrite={() => submit(newer)} />
        ) : summary === null ? null : (
          <Alert color="red" variant="light" role="alert">
            {summary}
          </Alert>
        )}
        <TextInput
          label={t("roles.name")}
          required
          withAsterisk={false}
          data-autofocus
          maxLength={60}
          value={name}
          error={taken ? t("roles.taken") : problem.field("name")}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <TextInput
          label={t("roles.description")}
          description={t("roles.description_hint")}
          maxLength={300}
          value={description}
          error={problem.field("description")}
          onChange={(event) => setDraft({ ...draft, description: event.currentTarget.value })}
        />
        <RightsChoice
          label={t("roles.permissions")}
          hint={t(isOwn ? "roles.permissions_own_hint" : "roles.permissions_hint")}
          rights={[...existing, ...(seen?.permissions ?? []), ...permissions]}
          chosen={permissions}
          error={problem.field("permissions")}
          isFixed={isFixed}
          onChange={(chosen) => setDraft({ ...draft, permissions: chosen })}
        />
        <Group justify="flex-end" mt="sm">
          <Button variant="default" disabled={busy} onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={name.trim() === "" || permissions.length === 0} loading={busy}>
            {seen === null ? t("roles.create") : t("common.save")}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
