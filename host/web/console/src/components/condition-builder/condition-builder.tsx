import { Button, SegmentedControl } from "@mantine/core";
import { IconFolderPlus, IconLock, IconPlus, IconX } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import type { Subject } from "~/lib/condition.ts";
import classes from "./condition-builder.module.css";
import { type Draft, type GroupRow, type Match, newGroup, newTest, replaced, type Row, type TestRow, without } from "./draft.ts";
import { TestRowView } from "./test-row.tsx";

interface Props {
  /** What the condition is about. */
  about: Subject;
  draft: Draft;
  /** What is wrong, by the keys of rows. */
  complaints: Record<string, string>;
  onChange: (draft: Draft) => void;
}

/** Rows of field, comparison and value, of which all must hold, or any; groups of them one deep. */
export function ConditionBuilder({ about, draft, complaints, onChange }: Props) {
  const { t } = useTranslation();
  const [fresh, setFresh] = useState<string | null>(null);
  const adder = useRef<HTMLButtonElement>(null);
  const add = (row: Row) => {
    setFresh(row.kind === "group" ? (row.rows[0]?.key ?? null) : row.key);
    onChange({ ...draft, rows: [...draft.rows, row] });
  };
  const remove = (key: string) => {
    onChange(without(draft, key));
    // What had the focus is gone.
    adder.current?.focus();
  };
  const change = (row: Row) => onChange(replaced(draft, row));
  const test = (row: TestRow, place: string, onTest: (row: TestRow) => void) => (
    <TestRowView
      key={row.key}
      about={about}
      row={row}
      place={place}
      complaint={complaints[row.key]}
      autoFocus={row.key === fresh}
      onChange={onTest}
      onRemove={() => remove(row.key)}
    />
  );
  const group = (row: GroupRow, place: string) => (
    <div key={row.key} className={classes.group} role="group" aria-label={t("condition.group", { place })}>
      <div className={classes.groupHead}>
        <MatchChoice label={t("condition.match_in", { place })} match={row.match} onChange={(match) => change({ ...row, match })} />
        <IconButton label={t("condition.remove_group", { place })} onClick={() => remove(row.key)}>
          <IconX size={16} stroke={1.8} />
        </IconButton>
      </div>
      {row.rows.map((inner, n) =>
        test(inner, `${place}.${n + 1}`, (next) =>
          change({ ...row, rows: row.rows.map((other) => (other.key === next.key ? next : other)) }),
        ),
      )}
      {complaints[row.key] === undefined ? null : (
        <p className={classes.complaint} role="alert">
          {complaints[row.key]}
        </p>
      )}
      <Button
        className={classes.add}
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} stroke={2} />}
        onClick={() => {
          const inner = newTest(about);
          setFresh(inner.key);
          change({ ...row, rows: [...row.rows, inner] });
        }}
      >
        {t("condition.add_to", { place })}
      </Button>
    </div>
  );
  return (
    <div className={classes.builder} role="group" aria-label={t("condition.title")}>
      <div className={classes.head}>
        <span className={classes.label}>{t("condition.title")}</span>
        <MatchChoice label={t("condition.match")} match={draft.match} onChange={(match) => onChange({ ...draft, match })} />
      </div>
      {draft.rows.length === 0 ? <p className={classes.none}>{t(`condition.none.${about.kind}`)}</p> : null}
      {draft.rows.map((row, index) => {
        const place = String(index + 1);
        if (row.kind === "test") return test(row, place, change);
        if (row.kind === "group") return group(row, place);
        return (
          <div key={row.key} className={classes.kept} role="group" aria-label={t("condition.row", { place })}>
            <IconLock size={16} stroke={1.8} aria-hidden="true" />
            <div className={classes.keptBody}>
              {t("condition.kept")}
              <code className={classes.code}>{JSON.stringify(row.condition)}</code>
              {complaints[row.key] === undefined ? null : (
                <p className={classes.complaint} role="alert">
                  {complaints[row.key]}
                </p>
              )}
            </div>
            <IconButton label={t("condition.remove", { place })} onClick={() => remove(row.key)}>
              <IconX size={16} stroke={1.8} />
            </IconButton>
          </div>
        );
      })}
      <div className={classes.adders}>
        <Button
          ref={adder}
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} stroke={2} />}
          onClick={() => add(newTest(about))}
        >
          {t("condition.add")}
        </Button>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconFolderPlus size={14} stroke={1.8} />}
          onClick={() => add(newGroup(about, draft.match))}
        >
          {t("condition.add_group")}
        </Button>
      </div>
    </div>
  );
}

function MatchChoice({ label, match, onChange }: { label: string; match: Match; onChange: (match: Match) => void }) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={label}
      data={[
        { value: "all", label: t("condition.all") },
        { value: "any", label: t("condition.any") },
      ]}
      value={match}
      onChange={(value) => onChange(value === "any" ? "any" : "all")}
    />
  );
}
