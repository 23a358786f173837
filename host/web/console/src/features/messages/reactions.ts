/** Reactions as they are shown: each emoji once, with how many have chosen it and who. */
import type { Message } from "@omnichat/api-client/types";

type Reaction = Message["reactions"][number];

export interface CountedReaction {
  emoji: string;
  count: number;
  /** Those who are named, in order. */
  names: string[];
  by: Reaction["by"];
}

/** The most frequent first; equal ones stay in the order in which they came. */
export function countReactions(reactions: Reaction[]): CountedReaction[] {
  const counted = new Map<string, CountedReaction>();
  for (const { emoji, count, name, by } of reactions) {
    const one = counted.get(emoji) ?? { emoji, count: 0, names: [], by };
    one.count += count;
    if (name !== "") one.names.push(name);
    counted.set(emoji, one);
  }
  return [...counted.values()].sort((a, b) => b.count - a.count);
}
