import type { TagColour } from "@omnichat/api-client/types";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import chip from "~/components/tag-chip.module.css";
import { colours } from "~/lib/tags.ts";
import classes from "./tags.module.css";

interface Props {
  value: TagColour;
  error: string | null;
  onChange: (colour: TagColour) => void;
}

/** The palette: one colour of it, by name. */
export function ColourChoice({ value, error, onChange }: Props) {
  const { t } = useTranslation();
  const name = useId();
  return (
    <fieldset className={classes.palette}>
      <legend className={classes.label}>{t("tags.colour")}</legend>
      {colours.map((colour) => (
        <label key={colour} className={`${classes.colour} ${chip.coloured}`} data-colour={colour}>
          <input
            className="visually-hidden"
            type="radio"
            name={name}
            checked={colour === value}
            onChange={() => onChange(colour)}
          />
          {t(`tags.colour_of.${colour}`)}
        </label>
      ))}
      {error === null ? null : (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
