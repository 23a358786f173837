import { Button } from "@mantine/core";
import { IconHandStop, IconRobot } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "~/components/icon-button.tsx";
import classes from "./bot-marks.module.css";

/** In a row of the list: which bot answers. */
export function BotMark({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <span className={classes.mark} title={t("conversation.bot_answers", { name })} data-testid="bot-mark">
      <IconRobot size={14} stroke={1.8} aria-label={t("conversation.bot")} />
      <span className={classes.name}>{name}</span>
    </span>
  );
}

/** Above a conversation: that a bot answers. */
export function BotChip({ name, compact }: { name: string; compact: boolean }) {
  const { t } = useTranslation();
  const whole = t("conversation.bot_answers", { name });
  return (
    <span className={classes.chip} title={whole} data-testid="bot-chip">
      <IconRobot size={13} stroke={1.8} aria-hidden="true" />
      <span className={classes.words}>{compact ? name : whole}</span>
    </span>
  );
}

/** Takes the conversation away from the bot. */
export function TakeOverButton({ compact, onTake }: { compact: boolean; onTake: () => void }) {
  const { t } = useTranslation();
  return compact ? (
    <IconButton label={t("conversation.take_over")} onClick={onTake}>
      <IconHandStop size={20} stroke={1.8} />
    </IconButton>
  ) : (
    <Button variant="default" onClick={onTake}>
      {t("conversation.take_over")}
    </Button>
  );
}
