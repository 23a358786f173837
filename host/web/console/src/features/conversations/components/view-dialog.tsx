import { Alert, Button, Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import type { ConversationQuery, ConversationSort, FieldProblem, View } from "@omnichat/api-client/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChangedMeanwhile } from "~/components/changed-meanwhile.tsx";
import { ConditionBuilder } from "~/components/condition-builder/condition-builder.tsx";
import { type Complaints, complaintsAt, incomplete, toCondition, toDraft } from "~/components/condition-builder/draft.ts";
import { Dialog } from "~/components/dialog.tsx";
import { aboutConversations } from "~/lib/condition.ts";
import { useFormProblem } from "~/lib/form-problem.ts";
import { useIsPhone } from "~/lib/media.ts";
import { notify } from "~/lib/toasts.ts";
import { newerThan } from "~/queries/entities.ts";
import { useCan, useMe } from "~/queries/me.ts";
import { useViewMutations, useViews } from "~/queries/views.ts";
import classes from "./view-dialog.module.css";

interface Props {
  /** As it was when the window opened; null to make a new one. */
  view: View | null;
  /** What a new one starts with. */
  start: Required<ConversationQuery>;
  onClose: () => void;
  onMade: (view: View) => void;
}

const sorts: ConversationSort[] = ["activity", "created", "waiting"];

/** What a view is called, who sees it, and which conversations it shows in which order. */
export default function ViewDialog({ view, start, onClose, onMade }: Props) {
  const { t } = useTranslation();
  const { operator } = useMe();
  const shares = useCan()("views.manage");
  const phone = useIsPhone();
  const { create, update } = useViewMutations();
  const problem = useFormProblem();
  // What is saved is based on what was seen, whatever events bring meanwhile.
  const [seen, setSeen] = useState(view);
  const newer = newerThan(seen, useViews().data?.items);
  const [name, setName] = useState(view?.name ?? "");
  const [shared, setShared] = useState(view !== null && view.owner_id === null);
  const [sort, setSort] = useState(view?.sort ?? start.sort);
  const [draft, setDraft] = useState(() => toDraft(aboutConversations, view?.filter ?? start.filter));
  const [refused, setRefused] = useState<Complaints>({ rows: {}, rest: null });
  const [lacking, setLacking] = useState<string[]>([]);

  const fields = problem.error instanceof ApiError ? problem.error.fields : [];
  const taken = fields.some(({ field, code }) => field === "name" && code === "taken");
  const isPlaced = ({ field }: FieldProblem) => field === "name" || field === "filter" || field.startsWith("filter.");
  const summary = problem.summary(fields.filter(isPlaced).map(({ field }) => field));
  const words = ({ code, message }: FieldProblem) => t(`condition.refused.${code.replace("too_", "")}`, { defaultValue: message });
  const complaints = {
    ...Object.fromEntries(Object.entries(refused.rows).map(([key, told]) => [key, words(told)])),
    // What has been filled in since is no longer lacking.
    ...Object.fromEntries(incomplete(aboutConversations, draft).flatMap((key) => (lacking.includes(key) ? [[key, t("form.complaint.required")]] : []))),
  };

  const forget = () => {
    problem.clear();
    setRefused({ rows: {}, rest: null });
    setLacking([]);
  };
  const show = (now: View) => {
    forget();
    setSeen(now);
    setName(now.name);
    setShared(now.owner_id === null);
    setSort(now.sort);
    setDraft(toDraft(aboutConversations, now.filter));
  };
  const submit = (over: View | null) => {
    forget();
    setSeen(over);
    const lacks = incomplete(aboutConversations, draft);
    setLacking(lacks);
    if (lacks.length > 0) return;
    const owner_id = shared ? null : operator.id;
    const body = { name: name.trim(), owner_id, sort, filter: toCondition(draft) };
    const done = {
      onSuccess: (saved: View) => {
        notify(t("form.saved"));
        onClose();
        if (over === null) onMade(saved);
      },
      onError: (error: unknown) => {
        problem.set(error);
        if (error instanceof ApiError) setRefused(complaintsAt(draft, "filter", error.fields));
      },
    };
    if (over === null) create.mutate(body, done);
    else update.mutate({ entity: over, patch: body }, done);
  };
  const busy = create.isPending || update.isPending;

  return (
    <Dialog
      opened
      size={780}
      fullScreen={phone}
      // A slip beside the window would throw away what was put together.
      closeOnClickOutside={false}
      busy={busy}
      onClose={onClose}
      title={seen === null ? t("views.add") : seen.name}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit(seen);
        }}
      >
        {problem.isConflict && newer !== null ? (
          <ChangedMeanwhile onReload={() => show(newer)} onOverwrite={() => submit(newer)} />
        ) : summary === null && refused.rest === null ? null : (
          <Alert color="red" variant="light" role="alert">
            {summary ?? (refused.rest && words(refused.rest))}
          </Alert>
        )}
        <div className={classes.two}>
          <TextInput
            label={t("views.name")}
            required
            withAsterisk={false}
            data-autofocus
            maxLength={60}
            value={name}
            error={taken ? t("views.taken") : problem.field("name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={t("views.sort")}
            data={sorts.map((value) => ({ value, label: t(`views.order.${value}`) }))}
            value={sort}
            allowDeselect={false}
            {...(sort === "waiting" ? { description: t("views.waiting_hint") } : {})}
            inputWrapperOrder={["label", "input", "description", "error"]}
            onChange={(value) => setSort((value as ConversationSort | null) ?? sort)}
          />
        </div>
        {shares ? (
          <div>
            <div className={classes.label}>{t("views.owner")}</div>
            <SegmentedControl
              fullWidth
              aria-label={t("views.owner")}
              data={[
                { value: "own", label: t("views.own") },
                { value: "shared", label: t("views.shared") },
              ]}
              value={shared ? "shared" : "own"}
              onChange={(value) => setShared(value === "shared")}
            />
          </div>
        ) : null}
        <ConditionBuilder about={aboutConversations} draft={draft} complaints={complaints} onChange={setDraft} />
        <Group justify="flex-end" mt="sm">
          <Button variant="default" disabled={busy} onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={name.trim() === ""} loading={busy}>
            {t("common.save")}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
