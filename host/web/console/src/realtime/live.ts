/** What is true only now and is never stored: connection, typing, who is looking, who is here. */
import type { Viewer } from "@omnichat/api-client/realtime";
import type { Author, OperatorStatus } from "@omnichat/api-client/types";
import { createStore, useStore } from "~/lib/store.ts";
import type { ConnectionState } from "./socket.ts";

export const connection = createStore<ConnectionState>("connecting");

interface Typist {
  author: Author;
  expires: number;
}

const typing = createStore<Record<string, Typist[]>>({});
const viewers = createStore<Record<string, Viewer[]>>({});
export const presence = createStore<Record<string, { status: OperatorStatus; connected: boolean }>>({});

const typingLifeMs = 6000;
const nobody: Typist[] = [];
const noViewers: Viewer[] = [];

export function setTyping(conversationId: string, author: Author, on: boolean): void {
  const now = Date.now();
  typing.set((all) => {
    const others = (all[conversationId] ?? []).filter((t) => t.author.id !== author.id && t.expires > now);
    return { ...all, [conversationId]: on ? [...others, { author, expires: now + typingLifeMs }] : others };
  });
  if (on) window.setTimeout(() => expireTyping(conversationId), typingLifeMs + 50);
}

function expireTyping(conversationId: string): void {
  const now = Date.now();
  typing.set((all) => ({
    ...all,
    [conversationId]: (all[conversationId] ?? []).filter((t) => t.expires > now),
  }));
}

export function setViewers(conversationId: string, list: Viewer[]): void {
  viewers.set((all) => ({ ...all, [conversationId]: list }));
}

export function forgetLive(): void {
  typing.set({});
  viewers.set({});
}

export function useTyping(conversationId: string): Typist[] {
  return useStore(typing, (all) => all[conversationId] ?? nobody);
}

export function useViewers(conversationId: string): Viewer[] {
  return useStore(viewers, (all) => all[conversationId] ?? noViewers);
}
