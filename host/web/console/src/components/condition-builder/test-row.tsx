import { Select, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import type { Subject } from "~/lib/condition.ts";
import classes from "./condition-builder.module.css";
import { type Comparison, comparisons, type TestRow, typeOf, withComparison, withField } from "./draft.ts";
import { attribute, fieldGroups } from "./field-groups.ts";
import { searching } from "./searching.ts";
import { ValueInput } from "./value-input.tsx";

interface Props {
  about: Subject;
  row: TestRow;
  /** Where it stands: "2", in a group "2.1". */
  place: string;
  complaint: string | undefined;
  autoFocus: boolean;
  onChange: (row: TestRow) => void;
  onRemove: () => void;
}

/** A test of one field: which, how it is compared, what with. */
export function TestRowView({ about, row, place, complaint, autoFocus, onChange, onRemove }: Props) {
  const { t } = useTranslation();
  const named = row.field.startsWith(attribute);
  const ways = comparisons(about, row.field);
  const type = typeOf(about, row);
  const wrong = complaint !== undefined;
  // The same field may be called otherwise of another subject.
  const nameOf = (field: string) => t(`condition.about_${about.kind}.${field}`, { defaultValue: t(`condition.about.${field}`) });
  const wordFor = (op: Comparison) => t(`condition.op_${type}.${op}`, { defaultValue: t(`condition.op.${op}`) });
  return (
    <div className={classes.row} role="group" aria-label={t("condition.row", { place })}>
      <div className={classes.field}>
        <Select
          aria-label={t("condition.field")}
          data={Object.entries(fieldGroups[about.kind]).map(([group, names]) => ({
            group: t(`condition.group_of.${group}`),
            items: names.map((value) => ({ value, label: nameOf(value.replace(".", "")) })),
          }))}
          value={named ? attribute : row.field}
          allowDeselect={false}
          {...searching}
          autoFocus={autoFocus}
          nothingFoundMessage={t("condition.nothing_found")}
          onChange={(field) => {
            if (field !== null) onChange(withField(about, row, field));
          }}
        />
        {named ? (
          <TextInput
            aria-label={t("condition.attribute")}
            placeholder={t("condition.attribute")}
            maxLength={100}
            error={wrong && row.field.trim() === attribute}
            value={row.field.slice(attribute.length)}
            onChange={(event) => onChange({ ...row, field: attribute + event.currentTarget.value })}
          />
        ) : null}
      </div>
      {ways.length === 1 ? null : (
        <Select
          className={classes.comparison}
          aria-label={t("condition.comparison")}
          data={ways.map((value) => ({ value, label: wordFor(value) }))}
          value={row.op}
          allowDeselect={false}
          onChange={(op) => {
            if (op !== null) onChange(withComparison(about, row, op as Comparison));
          }}
        />
      )}
      <div className={classes.value} data-wide={ways.length === 1}>
        <ValueInput key={`${type} ${row.op}`} type={type} row={row} error={wrong} onChange={(value) => onChange({ ...row, value })} />
      </div>
      <div className={classes.remove}>
        <IconButton label={t("condition.remove", { place })} onClick={onRemove}>
          <IconX size={16} stroke={1.8} />
        </IconButton>
      </div>
      {wrong ? (
        <p className={classes.complaint} role="alert">
          {complaint}
        </p>
      ) : null}
    </div>
  );
}
