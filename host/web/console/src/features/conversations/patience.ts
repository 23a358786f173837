/** How far a list is followed by itself. */
import type { ListPage } from "~/realtime/conversation-lists.ts";

/** So many short pages in a row are fetched without anybody's asking: further ones may go on to the end of everything. */
const mostShort = 5;

/** A list of more pages is not fetched anew each minute: each time would fetch them all. */
export const mostAnew = 3;

/** Whether it is to be asked before more is fetched; `since` is how many pages there were when it was asked last. */
export function isPatienceOver(pages: ListPage[], since: number): boolean {
  return pages.length - since >= mostShort && pages.slice(-mostShort).every(({ short }) => short === true);
}
