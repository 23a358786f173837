import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { usePageTitle } from "~/lib/page-title.ts";
import { IconButton } from "./icon-button.tsx";
import classes from "./page.module.css";

interface Props {
  title: string;
  lead?: string | undefined;
  onBack?: (() => void) | undefined;
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

/** A page outside of the inbox: a head that stays, a body that scrolls. */
export function Page({ title, lead, onBack, actions, wide = false, children }: Props) {
  const { t } = useTranslation();
  usePageTitle(title);
  return (
    <main className={classes.page}>
      <header className={classes.head} data-wide={wide}>
        {onBack === undefined ? null : (
          <IconButton label={t("common.back")} onClick={onBack}>
            <IconArrowLeft size={20} stroke={1.7} />
          </IconButton>
        )}
        <div className={classes.titles}>
          <h1 className={classes.title}>{title}</h1>
          {lead === undefined ? null : <p className={classes.lead}>{lead}</p>}
        </div>
        <div className={classes.actions}>{actions}</div>
      </header>
      <div className={classes.scroll}>
        <div className={classes.body} data-wide={wide}>
          {children}
        </div>
      </div>
    </main>
  );
}

/** A titled part of a page. */
export function Section({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.about}>
        <h2 className={classes.subtitle}>{title}</h2>
        {hint === undefined ? null : <div className={classes.hint}>{hint}</div>}
      </div>
      <div className={classes.content}>{children}</div>
    </section>
  );
}
