import { Checkbox } from "@mantine/core";
import type { Permission } from "@omnichat/api-client/types";
import { useTranslation } from "react-i18next";
import { grouped, rightLabel } from "~/lib/rights.ts";
import classes from "./rights-choice.module.css";

interface Props {
  label: string;
  hint: string;
  /** Those that can be seen. */
  rights: Permission[];
  chosen: Permission[];
  error: string | null;
  /** Whether a right can be neither given nor taken here. */
  isFixed: (right: Permission) => boolean;
  onChange: (chosen: Permission[]) => void;
}

/** Rights to choose from, under what they are about. */
export function RightsChoice({ label, hint, rights, chosen, error, isFixed, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Checkbox.Group label={label} description={hint} value={chosen} error={error} onChange={onChange}>
      {grouped(rights).map(([group, own]) => (
        <div key={group} role="group" aria-label={t(`rights.group.${group}`)}>
          <div className={classes.group}>{t(`rights.group.${group}`)}</div>
          <div className={classes.rights}>
            {own.map((right) => (
              <Checkbox key={right} value={right} label={rightLabel(t, right)} disabled={isFixed(right)} />
            ))}
          </div>
        </div>
      ))}
    </Checkbox.Group>
  );
}

/** Rights that are only looked at. */
export function RightsList({ rights }: { rights: Permission[] }) {
  const { t } = useTranslation();
  return grouped(rights).map(([group, own]) => (
    <section key={group} aria-label={t(`rights.group.${group}`)}>
      <div className={classes.group}>{t(`rights.group.${group}`)}</div>
      <ul className={`${classes.rights} ${classes.list}`}>
        {own.map((right) => (
          <li key={right}>{rightLabel(t, right)}</li>
        ))}
      </ul>
    </section>
  ));
}
