/** What was typed and not sent, per conversation and tab, kept on this machine. */
import { createStore, useStore } from "./store.ts";
import { forgetAll, recall, remember } from "./storage.ts";

export type DraftKind = "reply" | "note";
export interface Draft {
  reply: string;
  note: string;
}

const empty: Draft = { reply: "", note: "" };
const drafts = createStore<Record<string, Draft>>(recall("drafts", {}));

export function draftOf(conversationId: string): Draft {
  return drafts.get()[conversationId] ?? empty;
}

export function saveDraft(conversationId: string, kind: DraftKind, text: string): void {
  const before = draftOf(conversationId);
  if (before[kind] === text) return;
  const after = { ...before, [kind]: text };
  drafts.set((all) => {
    const { [conversationId]: _, ...others } = all;
    return after.reply === "" && after.note === "" ? others : { ...others, [conversationId]: after };
  });
  remember("drafts", drafts.get());
}

export function clearDrafts(): void {
  drafts.set({});
  forgetAll("drafts");
}

export function useHasDraft(conversationId: string): boolean {
  return useStore(drafts, (all) => (all[conversationId]?.reply ?? "").trim() !== "");
}
