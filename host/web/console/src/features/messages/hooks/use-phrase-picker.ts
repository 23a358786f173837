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
  /** Which of them a key would choose. */
  active: number;
  /** What it will say here. */
  says: (phrase: Phrase) => string;
  choose: (phrase: Phrase) => void;
  setActive: (phrase: Phrase) => void;
  /** Looks at where the caret is. */
  follow: () => void;
  close: () => void;
  /** Begins a call where the caret is, or ends the one that is there. */
  toggle: () => void;
  /** True if the key was for the list. */
  onKey: (event: KeyboardEvent) => boolean;
}

interface State {
  call: Call | null;
  /** By id, since the list may change under it; the first as long as nobody has chosen. */
  active: string | null;
  /** Where a call begins that was sent away: it stays away until the caret has left it. */
  dismissed: number | null;
}

const nothing: State = { call: null, active: null, dismissed: null };

/** What is called up after the caret has come to `next`. */
function looked({ call, active, dismissed }: State, next: Call | null): State {
  return {
    call: next,
    active: next?.needle === call?.needle && next?.from === call?.from ? active : null,
    dismissed: next?.from === dismissed ? dismissed : null,
  };
}

/** Calls quick phrases up by a slash in a text field. */
export function usePhrasePicker({ field, text, names, change }: Options): PhrasePicker {
  const phrases = usePhrases().data?.items;
  // A key and the move of the caret before it may be told in one go: each starts from what the other left.
  const [{ call, active, dismissed }, setState] = useState(nothing);
  // A text that was changed elsewhere no longer holds the call.
  const held = call !== null && call.from !== dismissed && text.slice(call.from, call.to) === `/${call.needle}` ? call : null;
  const offered = held === null || phrases === undefined ? null : matching(phrases, held.needle, MOST);
  const current = Math.max(0, offered?.findIndex((phrase) => phrase.id === active) ?? 0);

  const look = (next: Call | null) => setState((state) => looked(state, next));
  const dismiss = (from: number) => setState((state) => ({ ...state, dismissed: from }));
  const setActive = (id: string | null) => setState((state) => ({ ...state, active: id }));
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
    look(null);
    write(done.text, done.caret);
  };
  const move = (list: Phrase[], by: number) => setActive(list[(current + by + list.length) % list.length]?.id ?? null);
  return {
    offered,
    active: current,
    says,
    choose,
    setActive: (phrase) => setActive(phrase.id),
    follow: () => {
      const area = field.current;
      const still = area !== null && area.selectionStart === area.selectionEnd;
      look(still ? callAt(area.value, area.selectionStart) : null);
    },
    close: () => look(null),
    toggle: () => {
      if (held !== null) {
        dismiss(held.from);
        return;
      }
      const at = field.current?.selectionStart ?? text.length;
      const there = callAt(text, at);
      if (there !== null) {
        setState({ ...nothing, call: there });
        write(text, at);
        return;
      }
      const space = at === 0 || /\s/.test(text.charAt(at - 1)) ? "" : " ";
      const begun = `${text.slice(0, at)}${space}/`;
      look(callAt(begun, begun.length));
      write(begun + text.slice(at), begun.length);
    },
    onKey: (event) => {
      if (held === null || offered === null || event.nativeEvent.isComposing) return false;
      if (event.key === "Escape") dismiss(held.from);
      else if (offered.length === 0) return false;
      else if (event.key === "ArrowDown") move(offered, 1);
      else if (event.key === "ArrowUp") move(offered, -1);
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
