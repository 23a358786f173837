import { Alert, Button, Group, Textarea, TextInput } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import type { Tag } from "@omnichat/api-client/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChangedMeanwhile } from "~/components/changed-meanwhile.tsx";
import { Dialog } from "~/components/dialog.tsx";
import { TagChip } from "~/components/tag-chip.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { notify } from "~/lib/toasts.ts";
import { newerThan } from "~/queries/entities.ts";
import { useTagMutations, useTags } from "~/queries/tags.ts";
import { ColourChoice } from "./colour-choice.tsx";
import classes from "./tags.module.css";

interface Props {
  /** As it was when the window opened; null to make a new one. */
  tag: Tag | null;
  onClose: () => void;
}

/** What a tag is called, how it looks and what it is for. */
export function TagDialog({ tag, onClose }: Props) {
  const { t } = useTranslation();
  const { create, update } = useTagMutations();
  const problem = useFormProblem();
  // What is saved is based on what was seen, whatever events bring meanwhile.
  const [seen, setSeen] = useState(tag);
  const newer = newerThan(seen, useTags().data?.items);
  const [name, setName] = useState(tag?.name ?? "");
  const [colour, setColour] = useState(tag?.colour ?? "grey");
  const [description, setDescription] = useState(tag?.description ?? "");
  const summary = problem.summary(["name", "colour", "description"]);
  const taken = problem.error instanceof ApiError && problem.error.fields.some((f) => f.field === "name" && f.code === "taken");
  const called = name.trim();
  const isRenamed = seen !== null && called !== "" && called !== seen.name;
  const show = (now: Tag) => {
    problem.clear();
    setSeen(now);
    setName(now.name);
    setColour(now.colour);
    setDescription(now.description);
  };
  const submit = (over: Tag | null) => {
    problem.clear();
    setSeen(over);
    const body = { name: called, colour, description: description.trim() };
    const done = {
      onSuccess: () => {
        notify(t("form.saved"));
        onClose();
      },
      onError: problem.set,
    };
    if (over === null) create.mutate(body, done);
    else update.mutate({ entity: over, patch: body }, done);
  };
  const busy = create.isPending || update.isPending;
  return (
    <Dialog opened busy={busy} onClose={onClose} title={seen === null ? t("tags.new") : seen.name}>
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
        <div>
          <TextInput
            label={t("tags.name")}
            required
            withAsterisk={false}
            data-autofocus
            maxLength={50}
            value={name}
            error={taken ? t("tags.taken") : problem.field("name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {isRenamed ? (
            <p className={classes.hint} role="status">
              {t("tags.rename_hint", { name: seen.name })}
            </p>
          ) : null}
        </div>
        <ColourChoice value={colour} error={problem.field("colour")} onChange={setColour} />
        <Textarea
          label={t("tags.description")}
          description={t("tags.description_hint")}
          autosize
          minRows={2}
          maxRows={5}
          maxLength={200}
          value={description}
          error={problem.field("description")}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {called === "" ? null : (
          <div>
            <div className={classes.label}>{t("tags.preview")}</div>
            <div data-testid="tag-preview">
              <TagChip name={called} colour={colour} hint={description.trim()} />
            </div>
          </div>
        )}
        <Group justify="flex-end" mt="sm">
          <Button variant="default" disabled={busy} onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={called === ""} loading={busy}>
            {seen === null ? t("tags.create") : t("common.save")}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
