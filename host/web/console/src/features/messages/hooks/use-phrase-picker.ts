import type { Phrase } from "@omnichat/api-client/types";
import { type KeyboardEvent, type RefObject, useState } from "react";
import { fill, type Names } from "~/lib/phrases.ts";
import { usePhrases } from "~/queries/phrases.ts";
import { type Call, callAt, matching, put } from "../phrase-call.ts";

/** As many as are seen without scrolling. */
const MOST = 6;

interface Options {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  names: Names;
  change: (text: string) => void;
}

export interface PhrasePicker {
  /** What is offered; null while nothing is called up. */
  offered: Phrase[] | null;
  active: number;
  /** What it will say here. */
  says: (phrase: Phrase) => string;
  choose: (phrase: Phrase) => void;
  setActive: (index: number) => void;
  /** Looks at where the caret is. */
  follow: () => void;
  close: () => void;
  /** Begins a call where the caret is. */
  begin: () => void;
  /** True if the key was for the list. */
  onKey: (event: KeyboardEvent) => boolean;
}

/** Calls quick phrases up by a slash in a text field. */
export function usePhrasePicker({ field, text, names, change }: Options): PhrasePicker {
  const phrases = usePhrases().data?.items;
  const [call, setCall] = useState<Call | null>(null);
  const [active, setActive] = useState(0);
  // A text that was changed elsewhere no longer holds the call.
  const held = call !== null && text.slice(call.from, call.to) === `/${call.needle}` ? call : null;
  const offered = held === null || phrases === undefined || phrases.length === 0 ? null : matching(phrases, held.needle, MOST);
  const current = Math.min(active, Math.max(0, (offered?.length ?? 0) - 1));

  const look = (value: string, caret: number) => {
    const next = callAt(value, caret);
    if (next?.needle !== call?.needle || next?.from !== call?.from) setActive(0);
    setCall(next);
  };
  const write = (value: string, caret: number) => {
    change(value);
    window.requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  };
  const says = (phrase: Phrase) => fill(phrase.text, names);
  const choose = (phrase: Phrase) => {
    if (held === null) return;
    const done = put(text, held, says(phrase));
    setCall(null);
    write(done.text, done.caret);
  };
  return {
    offered,
    active: current,
    says,
    choose,
    setActive,
    follow: () => {
      const area = field.current;
      if (area !== null && area.selectionStart === area.selectionEnd) look(area.value, area.selectionStart);
      else setCall(null);
    },
    close: () => setCall(null),
    begin: () => {
      const area = field.current;
      const at = area === null ? text.length : area.selectionStart;
      const space = at === 0 || /\s/.test(text.charAt(at - 1)) ? "" : " ";
      const begun = `${text.slice(0, at)}${space}/`;
      write(begun + text.slice(at), begun.length);
      setActive(0);
      setCall(callAt(begun, begun.length));
    },
    onKey: (event) => {
      if (offered === null || event.nativeEvent.isComposing) return false;
      if (event.key === "Escape") setCall(null);
      else if (offered.length === 0) return false;
      else if (event.key === "ArrowDown") setActive((current + 1) % offered.length);
      else if (event.key === "ArrowUp") setActive((current + offered.length - 1) % offered.length);
      else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
        const phrase = offered[current];
        if (phrase !== undefined) choose(phrase);
      } else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}
