/** The console's one connection, wired to the session, the query cache and the live stores. */
import type { DomainEvent, ServerFrame } from "@omnichat/api-client/realtime";
import type { QueryClient } from "@tanstack/react-query";
import { session } from "~/lib/api.ts";
import { keys } from "~/queries/keys.ts";
import { applyEvent } from "./apply-event.ts";
import { createCatchUp, watchFetches } from "./catch-up.ts";
import { cacheView, commitUpdates } from "./commit-updates.ts";
import { connection, forgetLive, presence, setTyping, setViewers } from "./live.ts";
import { createSocket, type RealtimeSocket, type Wire } from "./socket.ts";

let socket: RealtimeSocket | null = null;
/** This page was connected before. */
let greeted = false;
let watching: { conversationId: string | null; replying: boolean } = { conversationId: null, replying: false };

/** Connects for the signed-in operator; the answer disconnects. */
export function connectRealtime(client: QueryClient, meId: string): () => void {
  const apply = (event: DomainEvent) =>
    commitUpdates(client, applyEvent(event, cacheView(client), { me: meId, now: Date.now() }));
  const catchUp = createCatchUp(apply);
  const stopWatching = watchFetches(client, catchUp);
  const current = createSocket({
    connect: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/ws`) as unknown as Wire,
    token: () => session.token(),
    renew: () => session.renew(),
    schedule: (run, ms) => {
      const timer = window.setTimeout(run, ms);
      return () => window.clearTimeout(timer);
    },
    random: Math.random,
    onFrame: (frame) => {
      if (frame.type === "event") {
        catchUp.saw(frame.event);
        apply(frame.event);
      }
      receive(client, meId, frame);
    },
    onResync: () => void client.invalidateQueries(),
    onState: (state) => {
      connection.set(state);
      if (state === "offline") forgetLive();
    },
  });
  socket = current;
  const stopTokens = session.onToken((token) => current.send({ type: "token", token }));
  const onOnline = () => current.hurry();
  const onVisible = () => {
    if (document.visibilityState === "visible") current.probe();
  };
  window.addEventListener("online", onOnline);
  document.addEventListener("visibilitychange", onVisible);
  current.start();
  return () => {
    stopTokens();
    stopWatching();
    window.removeEventListener("online", onOnline);
    document.removeEventListener("visibilitychange", onVisible);
    current.stop();
    forgetLive();
    if (socket === current) socket = null;
  };
}

function receive(client: QueryClient, meId: string, frame: ServerFrame): void {
  switch (frame.type) {
    case "hello":
      announce();
      // What happened to a role meanwhile may be for nobody's eyes who has it.
      if (greeted) void client.invalidateQueries({ queryKey: keys.me });
      greeted = true;
      break;
    case "rights_changed":
      // There may be more to see, or less.
      void client.invalidateQueries();
      break;
    case "event":
      if (frame.event.type === "message_created") {
        const { author, conversation_id } = frame.event.message;
        setTyping(conversation_id, author, false);
      }
      break;
    case "typing":
      if (frame.author.id !== meId) setTyping(frame.conversation_id, frame.author, frame.on);
      break;
    case "viewers":
      setViewers(frame.conversation_id, frame.viewers);
      break;
    case "presence":
      presence.set((all) => ({
        ...all,
        [frame.operator_id]: { status: frame.status, connected: frame.connected },
      }));
      void client.invalidateQueries({ queryKey: keys.operators });
      break;
    default:
      break;
  }
}

function announce(): void {
  socket?.send({
    type: "viewing",
    conversation_id: watching.conversationId,
    replying: watching.replying,
  });
}

/** Tells colleagues which conversation is on this screen, and whether an answer is being written. */
export function announceViewing(conversationId: string | null, replying: boolean): void {
  if (watching.conversationId === conversationId && watching.replying === replying) return;
  watching = { conversationId, replying };
  announce();
}

export function announceTyping(conversationId: string, on: boolean): void {
  socket?.send({ type: "typing", conversation_id: conversationId, on });
}
