import { useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./folded-text.module.css";

/** A text that may be long: two lines of it, and the rest when somebody asks. */
export function FoldedText({ text, mono = false }: { text: string; mono?: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [long, setLong] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = body.current;
    if (element === null || open) return;
    const measure = () => setLong(element.scrollHeight > element.clientHeight + 1);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [text, open]);
  return (
    <div>
      <div ref={body} className={classes.text} data-open={open} data-mono={mono}>
        {text}
      </div>
      {long || open ? (
        <button type="button" className={classes.more} aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "common.less" : "common.more")}
        </button>
      ) : null}
    </div>
  );
}
