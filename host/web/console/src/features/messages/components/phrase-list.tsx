import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { PhrasePicker } from "../hooks/use-phrase-picker.ts";
import classes from "./phrase-list.module.css";

/** The id by which a field names what is offered. */
export const phraseListId = "phrase-list";

export function phraseOptionId(index: number): string {
  return `${phraseListId}-${index}`;
}

/** What is called up, above the field. The field keeps the focus. */
export function PhraseList({ picker }: { picker: PhrasePicker }) {
  const { t } = useTranslation();
  const { offered, active } = picker;
  if (offered === null) return null;
  return (
    // A press must not take the focus out of the field.
    <div className={classes.pop} onMouseDown={(event) => event.preventDefault()}>
      <ul id={phraseListId} className={classes.list} role="listbox" aria-label={t("phrases.pick")}>
        {offered.map((phrase, index) => (
          <li
            key={phrase.id}
            id={phraseOptionId(index)}
            role="option"
            aria-selected={index === active}
            className={classes.option}
            onPointerMove={() => picker.setActive(phrase)}
            onClick={() => picker.choose(phrase)}
          >
            <span className={classes.name}>
              /{phrase.shortcut}
              {phrase.owner_id === null ? null : <IconLock size={13} stroke={1.8} aria-label={t("phrases.own")} />}
            </span>
            <span className={classes.text}>{picker.says(phrase)}</span>
          </li>
        ))}
      </ul>
      <div className={classes.foot}>
        {offered.length === 0 ? <span role="status">{t("phrases.none")}</span> : <span />}
        <Link to="/phrases" className={classes.all}>
          {t("phrases.manage")}
        </Link>
      </div>
    </div>
  );
}
