import { Alert, Button, Group, MultiSelect, Select, TextInput } from "@mantine/core";
import type { ApiKey, ApiKeyWithToken, Permission } from "@omnichat/api-client/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/dialog.tsx";
import { RightsChoice } from "~/components/rights-choice.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { day } from "~/lib/time.ts";
import { notify } from "~/lib/toasts.ts";
import { useInboxes } from "~/queries/inboxes.ts";
import { useMe } from "~/queries/me.ts";
import { useCreateApiKey, useUpdateApiKey } from "../api/use-api-key-mutations.ts";
import { type Days, days, endsAt, grantable } from "../grantable.ts";
import classes from "./api-keys.module.css";

interface Props {
  /** Null to make a new one. */
  apiKey: ApiKey | null;
  onClose: () => void;
  onMade: (made: ApiKeyWithToken) => void;
}

/** What a key is called, may do, where and for how long. */
export function KeyDialog({ apiKey, onClose, onMade }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const create = useCreateApiKey();
  const update = useUpdateApiKey();
  const problem = useFormProblem();
  const inboxes = useInboxes().data?.items ?? [];
  const [name, setName] = useState(apiKey?.name ?? "");
  const [places, setPlaces] = useState<string[]>(apiKey?.inbox_ids ?? []);
  const [chosen, setChosen] = useState<Permission[]>(apiKey?.permissions ?? []);
  // An end that is set stays until another is chosen.
  const [lasts, setLasts] = useState<Days | null>(apiKey === null ? "90" : null);
  const offered = grantable(me.permissions, places.length > 0);
  // What its maker had given and this operator cannot give stays visible, so that it can be taken away.
  const shown = [...offered, ...chosen.filter((right) => !offered.includes(right))];
  const summary = problem.summary(["name", "permissions", "inbox_ids", "expires_at"]);
  const known = (id: string) => inboxes.some((inbox) => inbox.id === id);
  const submit = () => {
    problem.clear();
    const expiry = lasts === null ? {} : { expires_at: endsAt(Date.now(), lasts) };
    const body = { name: name.trim(), permissions: chosen, inbox_ids: places, ...expiry };
    if (apiKey === null) {
      create.mutate(body, { onSuccess: onMade, onError: problem.set });
    } else {
      update.mutate(
        { key: apiKey, patch: body },
        {
          onSuccess: () => {
            notify(t("form.saved"));
            onClose();
          },
          onError: problem.set,
        },
      );
    }
  };
  return (
    <Dialog
      opened
      size="lg"
      onClose={onClose}
      title={apiKey === null ? t("api_keys.add") : apiKey.name}
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
          label={t("api_keys.name")}
          description={t("api_keys.name_hint")}
          required
          withAsterisk={false}
          data-autofocus
          maxLength={100}
          value={name}
          error={problem.field("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <MultiSelect
          label={t("api_keys.inboxes")}
          description={t("api_keys.inboxes_hint")}
          placeholder={places.length === 0 ? t("api_keys.inboxes_all") : undefined}
          data={[
            ...inboxes.map((inbox) => ({ value: inbox.id, label: inbox.title })),
            ...places.filter((id) => !known(id)).map((id) => ({ value: id, label: t("api_keys.inbox_gone") })),
          ]}
          value={places}
          error={problem.field("inbox_ids")}
          onChange={setPlaces}
        />
        <RightsChoice
          label={t("api_keys.permissions")}
          hint={t("api_keys.permissions_hint")}
          rights={shown}
          chosen={chosen}
          error={problem.field("permissions")}
          isFixed={(right) => !offered.includes(right) && !chosen.includes(right)}
          onChange={setChosen}
        />
        <Select
          label={t("api_keys.lasts")}
          description={lasts === null && apiKey !== null ? t("api_keys.ends", { at: day(apiKey.expires_at) }) : undefined}
          placeholder={t("api_keys.lasts_unchanged")}
          allowDeselect={apiKey !== null}
          data={days.map((value) => ({ value, label: t("api_keys.days", { count: Number(value) }) }))}
          value={lasts}
          error={problem.field("expires_at")}
          onChange={(value) => setLasts(value as Days | null)}
        />
        <Group justify="flex-end" mt="sm">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={name.trim() === "" || chosen.length === 0} loading={create.isPending || update.isPending}>
            {apiKey === null ? t("api_keys.create") : t("common.save")}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
