import type { FocusEvent } from "react";

/** A choice that is searched by typing: what is typed replaces what is chosen, Enter takes what fits best. */
export const searching = {
  searchable: true,
  openOnFocus: false,
  selectFirstOptionOnChange: true,
  // Without it the choice that was made before would take the mark away again from what fits the first letter.
  selectFirstOptionOnDropdownOpen: true,
  onFocus: (event: FocusEvent<HTMLInputElement>) => event.currentTarget.select(),
} as const;
