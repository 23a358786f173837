import { type RefObject, useCallback, useRef } from "react";

const mostPages = 20;

/** Scrolls to a message that is quoted, loading earlier pages until it is there. */
export function useJump(
  scroller: RefObject<HTMLDivElement | null>,
  hasOlder: boolean,
  loadOlder: () => Promise<unknown>,
): (messageId: string) => void {
  const latest = useRef({ hasOlder, loadOlder });
  latest.current = { hasOlder, loadOlder };
  return useCallback(
    (messageId) => {
      const find = () => scroller.current?.querySelector(`[data-message-id="${CSS.escape(messageId)}"]`) ?? null;
      const go = async () => {
        let target = find();
        for (let page = 0; target === null && latest.current.hasOlder && page < mostPages; page += 1) {
          await latest.current.loadOlder();
          await new Promise(requestAnimationFrame);
          target = find();
        }
        if (target === null) return;
        target.scrollIntoView({ block: "center", behavior: "smooth" });
        const shown = target;
        shown.classList.add("flash");
        window.setTimeout(() => shown.classList.remove("flash"), 1600);
      };
      void go();
    },
    [scroller],
  );
}
