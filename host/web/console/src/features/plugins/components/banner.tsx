import type { ReactNode } from "react";
import classes from "./banner.module.css";

interface Props {
  tone: "plain" | "warning" | "danger";
  icon: ReactNode;
  title: string;
  children: ReactNode;
}

/** What is to be known or decided before anything else on the page. */
export function Banner({ tone, icon, title, children }: Props) {
  return (
    <section className={classes.banner} data-tone={tone} aria-label={title}>
      {icon}
      <div className={classes.body}>
        <h2 className={classes.title}>{title}</h2>
        {children}
      </div>
    </section>
  );
}
