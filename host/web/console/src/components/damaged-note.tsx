import { useTranslation } from "react-i18next";
import classes from "./damaged-note.module.css";

/** Says that rows of a list are damaged in the database: they are missing from it, and somebody has to look which. */
export function DamagedNote({ ids }: { ids: string[] }) {
  const { t } = useTranslation();
  if (ids.length === 0) return null;
  return (
    <div className={classes.note} role="status">
      {t("list.damaged", { count: ids.length })}
      <details>
        <summary>{t("list.damaged_ids")}</summary>
        <span className={classes.ids}>{ids.join(", ")}</span>
      </details>
    </div>
  );
}
