import { IconArrowLeft } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import { Bar, Delayed, ErrorState } from "~/components/states.tsx";
import classes from "./inbox-page.module.css";

interface Props {
  /** Why nothing comes; null while it is on its way. */
  error: unknown;
  retry: () => void;
  /** The way back to the list, where that is not beside it. */
  onBack: (() => void) | null;
}

/** Stands where a conversation will be: its shape, or why it does not come. */
export function ConversationPlaceholder({ error, retry, onBack }: Props) {
  const { t } = useTranslation();
  return (
    <main className={classes.blank}>
      {onBack === null ? null : (
        <div className={classes.blankHead}>
          <IconButton label={t("common.back")} onClick={onBack}>
            <IconArrowLeft size={20} stroke={1.7} />
          </IconButton>
        </div>
      )}
      {error === null ? (
        <Delayed>
          <div className={classes.shape} role="status" aria-label={t("common.loading")}>
            {onBack === null ? <Bar width={160} height={16} /> : null}
            {[44, 58, 32, 50].map((width, index) => (
              <span key={width} className={classes.ghost} data-right={index % 2 === 1}>
                <Bar width={`${width}%`} height={36} />
              </span>
            ))}
          </div>
        </Delayed>
      ) : (
        <div className={classes.reason}>
          <ErrorState error={error} retry={retry} />
        </div>
      )}
    </main>
  );
}
