import { Alert, Button, Group, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import type { Phrase } from "@omnichat/api-client/types";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ChangedMeanwhile } from "~/components/changed-meanwhile.tsx";
import { Dialog } from "~/components/dialog.tsx";
import { useFormProblem } from "~/lib/form-problem.ts";
import { fill, names } from "~/lib/phrases.ts";
import { notify } from "~/lib/toasts.ts";
import { newerThan } from "~/queries/entities.ts";
import { useCan, useMe } from "~/queries/me.ts";
import { usePhraseMutations, usePhrases } from "~/queries/phrases.ts";
import classes from "./phrases.module.css";

interface Props {
  /** As it was when the window opened; null to make a new one. */
  phrase: Phrase | null;
  onClose: () => void;
}

/** What a phrase is called, says, and who uses it. */
export function PhraseDialog({ phrase, onClose }: Props) {
  const { t } = useTranslation();
  const { operator } = useMe();
  const shares = useCan()("phrases.manage");
  const { create, update } = usePhraseMutations();
  const problem = useFormProblem();
  const field = useRef<HTMLTextAreaElement>(null);
  // What is saved is based on what was seen, whatever events bring meanwhile.
  const [seen, setSeen] = useState(phrase);
  const newer = newerThan(seen, usePhrases().data?.items);
  const [shortcut, setShortcut] = useState(phrase?.shortcut ?? "");
  const [text, setText] = useState(phrase?.text ?? "");
  const [shared, setShared] = useState(phrase === null ? shares : phrase.owner_id === null);
  const summary = problem.summary(["shortcut", "text"]);
  const taken = problem.error instanceof ApiError && problem.error.fields.some((f) => f.field === "shortcut" && f.code === "taken");
  const sample = {
    customer: t("phrases.sample.customer"),
    operator: operator.name,
    channel: t("phrases.sample.channel"),
  };
  const insert = (name: string) => {
    const area = field.current;
    const [from, to] = [area?.selectionStart ?? text.length, area?.selectionEnd ?? text.length];
    const piece = `{{${name}}}`;
    setText(text.slice(0, from) + piece + text.slice(to));
    window.requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(from + piece.length, from + piece.length);
    });
  };
  const show = (now: Phrase) => {
    problem.clear();
    setSeen(now);
    setShortcut(now.shortcut);
    setText(now.text);
    setShared(now.owner_id === null);
  };
  const submit = (over: Phrase | null) => {
    problem.clear();
    setSeen(over);
    const body = { shortcut: shortcut.trim().normalize(), text: text.trim(), owner_id: shared ? null : operator.id };
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
    <Dialog opened size="lg" busy={busy} onClose={onClose} title={seen === null ? t("phrases.new") : `/${seen.shortcut}`}>
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
          label={t("phrases.shortcut")}
          description={t("phrases.shortcut_hint")}
          required
          withAsterisk={false}
          data-autofocus
          maxLength={40}
          leftSection="/"
          value={shortcut}
          error={taken ? t("phrases.taken") : problem.field("shortcut")}
          onChange={(event) => setShortcut(event.currentTarget.value.replace(/^[\s/]+/, "").replaceAll(/[\s/]+/g, "-"))}
        />
        <div>
          <Textarea
            ref={field}
            label={t("phrases.text")}
            required
            withAsterisk={false}
            autosize
            minRows={3}
            maxRows={10}
            maxLength={4_000}
            value={text}
            error={problem.field("text")}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div className={classes.insert} role="group" aria-label={t("phrases.insert")}>
            {t("phrases.insert")}
            {names.map((name) => (
              <Button key={name} variant="default" size="compact-sm" onClick={() => insert(name)}>
                {t(`phrases.name.${name}`)}
              </Button>
            ))}
          </div>
        </div>
        {text.trim() === "" ? null : (
          <div>
            <div className={classes.label}>{t("phrases.preview")}</div>
            <div className={classes.preview} data-testid="phrase-preview">
              {fill(text.trim(), sample)}
            </div>
          </div>
        )}
        {shares ? (
          <div>
            <div className={classes.label}>{t("phrases.owner")}</div>
            <SegmentedControl
              fullWidth
              aria-label={t("phrases.owner")}
              data={[
                { value: "shared", label: t("phrases.shared") },
                { value: "own", label: t("phrases.own") },
              ]}
              value={shared ? "shared" : "own"}
              onChange={(value) => setShared(value === "shared")}
            />
          </div>
        ) : null}
        <Group justify="flex-end" mt="sm">
          <Button variant="default" disabled={busy} onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button
            type="submit"
            disabled={shortcut.trim() === "" || text.trim() === ""}
            loading={busy}
          >
            {seen === null ? t("phrases.create") : t("common.save")}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
