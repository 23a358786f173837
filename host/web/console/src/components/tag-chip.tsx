import type { TagColour } from "@omnichat/api-client/types";
import classes from "./tag-chip.module.css";

interface Props {
  name: string;
  /** Grey unless somebody has described the tag. */
  colour?: TagColour | undefined;
  /** What it is for. */
  hint?: string | undefined;
  small?: boolean;
}

/** A tag in its colour. */
export function TagChip({ name, colour = "grey", hint, small = false }: Props) {
  const about = hint === undefined || hint === "" ? name : `${name}: ${hint}`;
  return (
    <span className={`${classes.chip} ${classes.coloured}`} data-colour={colour} data-small={small} title={about}>
      {name}
    </span>
  );
}
