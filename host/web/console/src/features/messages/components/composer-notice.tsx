import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { span } from "~/lib/time.ts";
import { useLack } from "~/queries/plugins.ts";
import classes from "./composer.module.css";

/** `plugin`: the plugin that brings the channel does not run. `one_way`: the channel only brings, nothing can be sent by it. */
export type Obstacle = "window" | "inbox_gone" | "inbox_off" | "plugin" | "one_way" | null;

interface Props {
  obstacle: Obstacle;
  /** The kind of the channel. */
  channel: string;
  blocked: boolean;
  /** The name of the bot that answers. */
  bot: string | null;
  windowLeftMs: number | null;
}

const soonMs = 3 * 3_600_000;

/** Why an answer cannot go out, or will soon no longer, or what else it does. */
export function ComposerNotice({ obstacle, channel, blocked, bot, windowLeftMs }: Props) {
  const { t } = useTranslation();
  const { why, title } = useLack(channel);
  const text =
    obstacle !== null
      ? [obstacle === "plugin" ? t(`lack.${why}`, { title }) : "", t(`composer.obstacle.${obstacle}`)].join(" ").trim()
      : blocked
        ? t("composer.obstacle.blocked")
        : bot !== null
          ? t("composer.bot_answers", { name: bot })
          : windowLeftMs !== null && windowLeftMs < soonMs
            ? t("composer.window_left", { time: span(windowLeftMs) })
            : null;
  if (text === null) return null;
  const quiet = bot !== null && obstacle === null && !blocked;
  return (
    <div className={classes.notice} role="status" data-quiet={quiet}>
      <IconInfoCircle size={16} stroke={1.8} aria-hidden="true" />
      {text}
    </div>
  );
}
