import { useEffect, useMemo, useRef, useState } from "react";

const aimMs = 1500;

/** True while a mouse is moving over the list: somebody is about to click, so nothing may move. */
export function usePointerAim() {
  const [aiming, setAiming] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useMemo(() => {
    const release = () => {
      window.clearTimeout(timer.current);
      setAiming(false);
    };
    return {
      aiming,
      release,
      handlers: {
        onPointerMove: (event: { pointerType: string }) => {
          if (event.pointerType !== "mouse") return;
          window.clearTimeout(timer.current);
          timer.current = window.setTimeout(release, aimMs);
          setAiming(true);
        },
        onPointerLeave: release,
      },
    };
  }, [aiming]);
}
