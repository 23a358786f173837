import { useTranslation } from "react-i18next";
import classes from "./damaged-note.module.css";

/** Says which rows of a list are damaged in the database: they are missing from it, and somebody has to look. */
export function DamagedNote({ ids }: { ids: string[] }) {
  const { t } = useTranslation();
  if (ids.length === 0) return null;
  return (
    <p className={classes.note} role="status">
      {t("list.damaged", { count: ids.length, ids: ids.join(", ") })}
    </p>
  );
}
