import { Alert, Button } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale, setLocale } from "~/lib/i18n.ts";
import classes from "./auth-card.module.css";

interface Props {
  title: string;
  lead?: string;
  problem: string | null;
  action: string;
  busy: boolean;
  onSubmit: () => void;
  children: ReactNode;
}

/** One form in the middle of the page; the language can be changed before anybody is signed in. */
export function AuthCard({ title, lead, problem, action, busy, onSubmit, children }: Props) {
  const { t } = useTranslation();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit} aria-label={title}>
        <div className={classes.mark}>
          <IconMessages size={22} stroke={1.8} aria-hidden="true" />
        </div>
        <h1 className={classes.title}>{title}</h1>
        {lead === undefined ? null : <p className={classes.lead}>{lead}</p>}
        {problem === null ? null : (
          <Alert color="red" variant="light" role="alert">
            {problem}
          </Alert>
        )}
        {children}
        <Button type="submit" size="md" loading={busy} fullWidth mt="sm">
          {action}
        </Button>
      </form>
      <div className={classes.languages}>
        {(["ru", "en"] as const).map((locale) => (
          <button
            key={locale}
            type="button"
            className={classes.language}
            aria-pressed={currentLocale() === locale}
            onClick={() => void setLocale(locale)}
          >
            {t(`locale.${locale}`)}
          </button>
        ))}
      </div>
    </main>
  );
}
