/** What the organisation says of tags, and which of them fit what is typed. */
import type { Conversation, Tag, TagColour } from "@omnichat/api-client/types";

/** In the order in which they are offered. */
export const colours: TagColour[] = ["grey", "red", "amber", "green", "teal", "blue", "violet", "pink"];

/** As the host compares names: letters with two small forms are one. */
function folded(text: string): string {
  return text.toUpperCase().toLowerCase();
}

export function sorted(tags: Tag[]): Tag[] {
  return [...tags].sort((a, b) => folded(a.name).localeCompare(folded(b.name)));
}

const maps = new WeakMap<Tag[], ReadonlyMap<string, Tag>>();

/** Tags by the texts that conversations carry, letter by letter, as lists find them. */
export function byName(tags: Tag[]): ReadonlyMap<string, Tag> {
  const made = maps.get(tags) ?? new Map(tags.map((tag) => [tag.name, tag]));
  maps.set(tags, made);
  return made;
}

/** What was typed, in the spelling of the tag that is described so: one in two spellings would be two. */
export function spelled(tags: Tag[], typed: string): string {
  const wanted = folded(typed.trim());
  return tags.find(({ name }) => folded(name) === wanted)?.name ?? typed.trim();
}

/** The tags of a conversation after somebody chose or typed some: each once, those that are new in their proper spelling. */
export function withSpelling(tags: Tag[], before: string[], next: string[]): string[] {
  return [...new Set(next.map((name) => (before.includes(name) ? name : spelled(tags, name))))];
}

/** Names that begin with what is typed, then those that have it elsewhere; otherwise in their order. */
export function fitting(names: string[], typed: string, most: number): string[] {
  const wanted = folded(typed.trim());
  const begin = names.filter((name) => folded(name).startsWith(wanted));
  const rest = names.filter((name) => !begin.includes(name) && folded(name).includes(wanted));
  return [...begin, ...rest].slice(0, most);
}

/** What is offered: the tags that are described, then others that some of these conversations carry. */
export function offered(tags: Tag[], conversations: Pick<Conversation, "tags">[]): string[] {
  const described = sorted(tags).map(({ name }) => name);
  const known = new Set(described.map(folded));
  const others = new Set(conversations.flatMap((conversation) => conversation.tags));
  const free = [...others].filter((name) => !known.has(folded(name)));
  return [...described, ...free.sort((a, b) => a.localeCompare(b))];
}
