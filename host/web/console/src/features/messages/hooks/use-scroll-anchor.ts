import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

const nearPx = 80;

/**
 * Keeps a conversation where the reader is: at the foot while at the foot, still in place when older
 * messages come in above, and untouched when new ones arrive below a reader who has scrolled up.
 */
export function useScrollAnchor(
  scroller: RefObject<HTMLDivElement | null>,
  firstKey: string | null,
  lastKey: string | null,
) {
  const atFoot = useRef(true);
  const before = useRef<{ first: string | null; height: number; top: number }>({ first: null, height: 0, top: 0 });
  const [away, setAway] = useState(false);
  const [missed, setMissed] = useState(0);

  const toFoot = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    element.scrollTop = element.scrollHeight;
    atFoot.current = true;
    setAway(false);
    setMissed(0);
  }, [scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const was = before.current;
    if (atFoot.current) element.scrollTop = element.scrollHeight;
    else if (was.first !== null && was.first !== firstKey) {
      element.scrollTop = was.top + (element.scrollHeight - was.height);
    }
    before.current = { first: firstKey, height: element.scrollHeight, top: element.scrollTop };
  }, [scroller, firstKey, lastKey]);

  const seenLast = useRef(lastKey);
  useLayoutEffect(() => {
    if (seenLast.current !== lastKey && seenLast.current !== null && !atFoot.current) setMissed((n) => n + 1);
    seenLast.current = lastKey;
  }, [lastKey]);

  // Media that loads, a composer that grows: the foot stays the foot.
  useLayoutEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild;
    if (element == null || content == null) return;
    const observer = new ResizeObserver(() => {
      if (atFoot.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(content);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    atFoot.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
    before.current = { ...before.current, height: element.scrollHeight, top: element.scrollTop };
    setAway(!atFoot.current);
    if (atFoot.current) setMissed(0);
  }, [scroller]);

  return { onScroll, toFoot, away, missed, hold: () => (atFoot.current = false) };
}
