import type { ReactNode } from "react";
import classes from "./state-line.module.css";

interface Props {
  state: "ok" | "warning" | "failed" | "unknown" | "off";
  title?: string | undefined;
  children: ReactNode;
}

/** How something is: a dot and a few words. */
export function StateLine({ state, title, children }: Props) {
  return (
    <span className={classes.line} data-state={state} title={title}>
      {children}
    </span>
  );
}
