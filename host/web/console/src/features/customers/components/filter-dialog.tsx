import { Alert, Button, Group } from "@mantine/core";
import { ApiError } from "@omnichat/api-client/error";
import type { Condition, FieldProblem } from "@omnichat/api-client/types";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConditionBuilder } from "~/components/condition-builder/condition-builder.tsx";
import { type Complaints, complaintsAt, incomplete, toCondition, toDraft } from "~/components/condition-builder/draft.ts";
import { Dialog } from "~/components/dialog.tsx";
import { api } from "~/lib/api.ts";
import { aboutCustomers } from "~/lib/condition.ts";
import { useIsPhone } from "~/lib/media.ts";
import { describe } from "~/lib/toasts.ts";
import { isEverything } from "../search.ts";
import classes from "./customers.module.css";

interface Props {
  filter: Condition | undefined;
  onClose: () => void;
  /** What the host understands; nothing if everybody is wanted. */
  onApply: (filter: Condition | undefined) => void;
}

/** Puts together which customers are wanted. */
export function FilterDialog({ filter, onClose, onApply }: Props) {
  const { t } = useTranslation();
  const phone = useIsPhone();
  const [draft, setDraft] = useState(() => toDraft(aboutCustomers, filter ?? { all: [] }));
  const [refused, setRefused] = useState<Complaints>({ rows: {}, rest: null });
  const [lacking, setLacking] = useState<string[]>([]);
  // One row is enough to hear whether the host understands the question.
  const ask = useMutation({ mutationFn: (asked: Condition) => api.customers.list({ filter: asked }, { limit: 1 }) });
  const words = ({ code, message }: FieldProblem) => t(`condition.refused.${code.replace("too_", "")}`, { defaultValue: message });
  const complaints = {
    ...Object.fromEntries(Object.entries(refused.rows).map(([key, told]) => [key, words(told)])),
    // What has been filled in since is no longer lacking.
    ...Object.fromEntries(
      incomplete(aboutCustomers, draft).flatMap((key) => (lacking.includes(key) ? [[key, t("form.complaint.required")]] : [])),
    ),
  };
  const isAtRows = ask.error instanceof ApiError && ask.error.fields.length > 0 && refused.rest === null;
  const summary = refused.rest !== null ? words(refused.rest) : ask.error !== null && !isAtRows ? describe(ask.error) : null;
  const submit = () => {
    ask.reset();
    setRefused({ rows: {}, rest: null });
    const lacks = incomplete(aboutCustomers, draft);
    setLacking(lacks);
    if (lacks.length > 0) return;
    const asked = toCondition(draft);
    if (isEverything(asked)) {
      onApply(undefined);
      return;
    }
    ask.mutate(asked, {
      onSuccess: () => onApply(asked),
      onError: (error) => {
        if (error instanceof ApiError) setRefused(complaintsAt(draft, "filter", error.fields));
      },
    });
  };
  return (
    <Dialog
      opened
      size={780}
      fullScreen={phone}
      // A slip beside the window would throw away what was put together.
      closeOnClickOutside={false}
      busy={ask.isPending}
      onClose={onClose}
      title={t("customers.filter_title")}
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
        <ConditionBuilder about={aboutCustomers} draft={draft} complaints={complaints} onChange={setDraft} />
        <Group justify="space-between" mt="sm">
          <Button
            variant="subtle"
            disabled={draft.rows.length === 0 || ask.isPending}
            onClick={() => setDraft(toDraft(aboutCustomers, { all: [] }))}
          >
            {t("filters.clear")}
          </Button>
          <Group>
            <Button variant="default" disabled={ask.isPending} onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" loading={ask.isPending}>
              {t("customers.apply")}
            </Button>
          </Group>
        </Group>
      </form>
    </Dialog>
  );
}
