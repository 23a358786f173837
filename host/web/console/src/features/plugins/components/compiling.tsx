import { useTranslation } from "react-i18next";
import { Delayed } from "~/components/states.tsx";
import classes from "./plugins.module.css";

/** After how long a wait needs an explanation; milliseconds. */
const patience = 700;

/** Why a decision takes longer than a click: the file becomes code of this machine. */
export function Compiling({ busy }: { busy: boolean }) {
  const { t } = useTranslation();
  if (!busy) return null;
  return (
    <Delayed ms={patience}>
      <p className={classes.note} role="status">
        {t("plugins.compiling")}
      </p>
    </Delayed>
  );
}
