import type { ReactNode } from "react";
import classes from "./plugins.module.css";

interface Props {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A titled part that needs the page's whole width. */
export function WideSection({ title, actions, children }: Props) {
  return (
    <section className={classes.wide} aria-label={title}>
      <div className={classes.wideHead}>
        <h2 className={classes.wideTitle}>{title}</h2>
        <div className={classes.wideActions}>{actions}</div>
      </div>
      {children}
    </section>
  );
}
