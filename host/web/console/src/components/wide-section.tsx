import type { ReactNode } from "react";
import classes from "./wide-section.module.css";

interface Props {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A titled part that needs the page's whole width. */
export function WideSection({ title, actions, children }: Props) {
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        <div className={classes.actions}>{actions}</div>
      </div>
      {children}
    </section>
  );
}
