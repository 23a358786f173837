import { IconCheck, IconClock } from "@tabler/icons-react";
import { type ReactNode, type TouchEvent, useRef, useState } from "react";
import classes from "./swipe-row.module.css";

interface Props {
  children: ReactNode;
  /** Swiped to the right. */
  onResolve: () => void;
  /** Swiped to the left. */
  onSnooze: () => void;
}

const trigger = 88;

/** A row that a finger can push aside; slanted movements stay scrolling. */
export function SwipeRow({ children, onResolve, onSnooze }: Props) {
  const start = useRef<{ x: number; y: number; sideways: boolean | null } | null>(null);
  const [offset, setOffset] = useState(0);
  const swallow = useRef(false);

  const onMove = (event: TouchEvent) => {
    const touch = event.touches[0];
    const from = start.current;
    if (from === null || touch === undefined) return;
    const dx = touch.clientX - from.x;
    const dy = touch.clientY - from.y;
    if (from.sideways === null && Math.hypot(dx, dy) > 10) from.sideways = Math.abs(dx) > 1.6 * Math.abs(dy);
    if (from.sideways === true) setOffset(Math.max(-140, Math.min(140, dx)));
  };
  const onEnd = () => {
    swallow.current = Math.abs(offset) > 8;
    if (offset > trigger) onResolve();
    else if (offset < -trigger) onSnooze();
    start.current = null;
    setOffset(0);
  };

  return (
    <div
      className={classes.root}
      onTouchStart={(event) => {
        const touch = event.touches[0];
        if (touch !== undefined) start.current = { x: touch.clientX, y: touch.clientY, sideways: null };
      }}
      onTouchMove={onMove}
      onTouchEnd={onEnd}
      onTouchCancel={() => {
        start.current = null;
        setOffset(0);
      }}
      onClickCapture={(event) => {
        if (!swallow.current) return;
        swallow.current = false;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {offset === 0 ? null : (
        <div className={classes.under} data-side={offset > 0 ? "resolve" : "snooze"} data-armed={Math.abs(offset) > trigger}>
          {offset > 0 ? <IconCheck size={22} stroke={2} /> : <IconClock size={22} stroke={2} />}
        </div>
      )}
      <div
        className={classes.over}
        data-moving={offset !== 0}
        style={offset === 0 ? undefined : { transform: `translateX(${offset}px)` }}
      >
        {children}
      </div>
    </div>
  );
}
