import { Autocomplete, MultiSelect, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import type { ConditionValue } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import classes from "./condition-builder.module.css";
import type { FieldType } from "~/lib/condition.ts";
import { shapeOf, type TestRow } from "./draft.ts";
import { DurationInput } from "./duration-input.tsx";
import { searching } from "./searching.ts";
import { fromField, toField } from "./units.ts";
import { useOptions } from "./use-options.ts";
import { useSuggestions } from "./use-suggestions.ts";

interface Props {
  type: FieldType;
  row: TestRow;
  error: boolean;
  onChange: (value: ConditionValue | null) => void;
}

/** How many values a list has at most, and how long a text is. */
const most = 50;
const longestText = 200;

/** As many as are offered at once for what is typed. */
const suggestions = 8;

/** The host tells capital letters from small ones. */
const isHeld = (value: string, held: string[]) => held.includes(value);

/** What a field is compared with, in the control that fits it. */
export function ValueInput({ type, row, error, onChange }: Props) {
  const { t } = useTranslation();
  const { value } = row;
  const options = useOptions(type, value);
  const suggested = useSuggestions(row.field);
  const label = t("condition.value");
  const common = { "aria-label": label, error };
  const pills = { ...common, classNames: { inputField: classes.typed } };
  const text = typeof value === "string" ? value : "";
  const texts = Array.isArray(value) ? value : [];
  switch (shapeOf(type, row.op)) {
    case "none":
      return null;
    case "flag":
      return (
        <Select
          {...common}
          data={[
            { value: "true", label: t("condition.yes") },
            { value: "false", label: t("condition.no") },
          ]}
          value={String(value)}
          allowDeselect={false}
          onChange={(next) => onChange(next !== "false")}
        />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          value={typeof value === "number" ? value : ""}
          min={0}
          max={Number.MAX_SAFE_INTEGER}
          allowDecimal={false}
          allowNegative={false}
          onChange={(next) => onChange(typeof next === "number" ? next : null)}
        />
      );
    case "duration":
      return (
        <DurationInput label={label} seconds={typeof value === "number" ? value : null} error={error} onChange={onChange} />
      );
    case "moment":
      return (
        <TextInput
          {...common}
          type="datetime-local"
          value={text === "" ? "" : toField(text)}
          onChange={(event) => onChange(fromField(event.currentTarget.value))}
        />
      );
    case "many":
      return options === null ? (
        <TagsInput
          {...pills}
          data={suggested ?? []}
          limit={suggestions}
          placeholder={texts.length === 0 ? t("condition.values_hint") : ""}
          value={texts}
          maxTags={most}
          maxLength={longestText}
          splitChars={[]}
          acceptValueOnBlur
          isDuplicate={isHeld}
          onChange={onChange}
        />
      ) : (
        <MultiSelect
          {...pills}
          placeholder={texts.length === 0 ? t("condition.choose") : ""}
          data={options}
          value={texts}
          maxValues={most}
          {...searching}
          hidePickedOptions
          nothingFoundMessage={t("condition.nothing_found")}
          onChange={onChange}
        />
      );
    case "one":
      if (suggested !== null) {
        return (
          <Autocomplete
            {...common}
            data={suggested}
            limit={suggestions}
            value={text}
            maxLength={longestText}
            onChange={onChange}
          />
        );
      }
      return options === null ? (
        <TextInput
          {...common}
          value={text}
          maxLength={longestText}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <Select
          {...common}
          placeholder={t("condition.choose")}
          data={options}
          value={text === "" ? null : text}
          allowDeselect={false}
          {...searching}
          nothingFoundMessage={t("condition.nothing_found")}
          onChange={onChange}
        />
      );
  }
}
