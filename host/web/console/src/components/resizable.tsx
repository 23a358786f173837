import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { recall, remember } from "~/lib/storage.ts";
import classes from "./resizable.module.css";

interface Limits {
  initial: number;
  min: number;
  max: number;
}

/** A pane's width in pixels, remembered under its name. */
export function usePaneWidth(name: string, limits: Limits) {
  const clamp = (width: number) => Math.min(limits.max, Math.max(limits.min, width));
  const [width, setWidth] = useState(() => clamp(recall(`pane.${name}`, limits.initial)));
  return {
    width,
    limits,
    change: (next: number) => setWidth(clamp(next)),
    keep: (next: number) => remember(`pane.${name}`, clamp(next)),
  };
}

interface HandleProps {
  label: string;
  pane: ReturnType<typeof usePaneWidth>;
  /** Which side of the handle the pane is on. */
  side: "left" | "right";
}

/** The edge of a pane towards its neighbour, put inside the pane: dragged with a pointer, moved with the arrow keys. */
export function ResizeHandle({ label, pane, side }: HandleProps) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const sign = side === "left" ? 1 : -1;
  const at = (event: PointerEvent) =>
    start.current === null ? pane.width : start.current.width + sign * (event.clientX - start.current.x);
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 16 : event.key === "ArrowLeft" ? -16 : 0;
    if (step === 0) return;
    event.preventDefault();
    pane.change(pane.width + sign * step);
    pane.keep(pane.width + sign * step);
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={pane.width}
      aria-valuemin={pane.limits.min}
      aria-valuemax={pane.limits.max}
      tabIndex={0}
      className={classes.handle}
      data-pane={side}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width: pane.width };
      }}
      onPointerMove={(event) => {
        if (start.current !== null) pane.change(at(event));
      }}
      onPointerUp={(event) => {
        if (start.current !== null) pane.keep(at(event));
        start.current = null;
      }}
      onDoubleClick={() => {
        pane.change(pane.limits.initial);
        pane.keep(pane.limits.initial);
      }}
      onKeyDown={onKey}
    />
  );
}
