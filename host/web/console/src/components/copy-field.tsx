import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "~/lib/clipboard.ts";
import { notifyError } from "~/lib/toasts.ts";
import classes from "./copy-field.module.css";

interface Props {
  label: string;
  text: string;
  multiline?: boolean;
  /** In a dialog that is there for it: its button has the focus. */
  autoFocus?: boolean;
}

/** A text to take elsewhere, with the button that takes it. */
export function CopyField({ label, text, multiline = false, autoFocus = false }: Props) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), 2000);
    return () => window.clearTimeout(timer);
  }, [copied]);
  const copy = () =>
    copyText(text).then(
      () => setCopied(true),
      (error: unknown) => notifyError(error, t("common.copy_failed")),
    );
  return (
    <div className={classes.root} data-multiline={multiline}>
      <code className={classes.text} tabIndex={0} role="textbox" aria-readonly="true" aria-label={label} aria-multiline={multiline}>
        {text}
      </code>
      <Button
        variant="default"
        className={classes.button}
        data-autofocus={autoFocus || undefined}
        leftSection={copied ? <IconCheck size={16} stroke={2} /> : <IconCopy size={16} stroke={1.7} />}
        onClick={() => void copy()}
      >
        {copied ? t("common.copied") : t("common.copy")}
      </Button>
    </div>
  );
}
