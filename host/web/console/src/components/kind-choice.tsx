import type { ReactNode } from "react";
import classes from "./kind-choice.module.css";

export interface Choice {
  key: string;
  sign: ReactNode;
  /** What it is in a word, where the cards are of several sorts. */
  label?: string | undefined;
  title: string;
  text: string;
  run: () => void;
}

/** What there is to set up, a card each. */
export function KindChoice({ choices }: { choices: Choice[] }) {
  return (
    <ul className={classes.kinds}>
      {choices.map(({ key, sign, label, title, text, run }) => (
        <li key={key}>
          <button type="button" className={classes.kind} onClick={run}>
            {sign}
            <span>
              {label === undefined ? null : <span className={classes.label}>{label}</span>}
              <span className={classes.title}>{title}</span>
              <span className={classes.text}>{text}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
