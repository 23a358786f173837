import { useTranslation } from "react-i18next";
import type { Search } from "../api/use-conversation-list.ts";
import classes from "./conversation-list.module.css";

/** Says that a list does not reach the end of the conversations yet, and takes it further. */
export function SearchFurther({ search }: { search: Search }) {
  const { t } = useTranslation();
  return (
    <div className={classes.part}>
      <span role="status">{t(search.stopped ? "list.part_searched" : "list.searching")}</span>
      {/* It stays while it works, and the focus with it. */}
      <button
        type="button"
        className={classes.further}
        aria-disabled={!search.stopped}
        onClick={() => {
          if (search.stopped) search.further();
        }}
      >
        {t("list.search_further")}
      </button>
    </div>
  );
}
