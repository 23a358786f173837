import { Tooltip } from "@mantine/core";
import type { DeliveryState } from "@omnichat/api-client/types";
import { IconAlertCircle, IconCheck, IconChecks, IconClock, IconHelpCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./message-group.module.css";

/** How far a message has got at the host, or that it is still on the way there. */
type Progress = DeliveryState | "sending";

const icons: Record<Progress, typeof IconCheck> = {
  queued: IconClock,
  sending: IconClock,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  failed: IconAlertCircle,
  uncertain: IconHelpCircle,
};

/** How far an outgoing message has got; the word is in the tooltip and for screen readers. */
export function DeliveryMark({ state }: { state: Progress }) {
  const { t } = useTranslation();
  const Icon = icons[state];
  return (
    <Tooltip label={t(`delivery.${state}`)}>
      <span className={classes.mark} data-state={state} role="img" aria-label={t(`delivery.${state}`)} data-testid="delivery">
        <Icon size={15} stroke={2} />
      </span>
    </Tooltip>
  );
}
