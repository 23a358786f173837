import { NumberInput, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./condition-builder.module.css";
import { longest, secondsOf, type Unit, unitOf } from "./units.ts";

interface Props {
  label: string;
  seconds: number | null;
  error: boolean;
  onChange: (seconds: number | null) => void;
}

/** A length of time: a number and its unit. */
export function DurationInput({ label, seconds, error, onChange }: Props) {
  const { t } = useTranslation();
  const [unit, setUnit] = useState(() => unitOf(seconds));
  const units: Unit[] = unit === "seconds" ? ["seconds", "minutes", "hours", "days"] : ["minutes", "hours", "days"];
  const amount = seconds === null ? null : seconds / secondsOf[unit];
  return (
    <div className={classes.duration}>
      <NumberInput
        aria-label={label}
        value={amount ?? ""}
        min={1}
        max={longest / secondsOf[unit]}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        error={error}
        onChange={(next) => onChange(typeof next === "number" ? next * secondsOf[unit] : null)}
      />
      <Select
        aria-label={t("condition.unit")}
        data={units.map((value) => ({ value, label: t(`condition.unit_of.${value}`) }))}
        value={unit}
        allowDeselect={false}
        onChange={(value) => {
          const next = (value as Unit | null) ?? unit;
          setUnit(next);
          if (amount !== null) onChange(Math.min(longest, amount * secondsOf[next]));
        }}
      />
    </div>
  );
}
