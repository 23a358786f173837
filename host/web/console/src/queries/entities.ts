/** What an organisation keeps beside its conversations, kind by kind: read whole, changed one by one, kept true by events. */
import type { Page } from "@omnichat/api-client/types";
import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { keys } from "./keys.ts";

export interface Entity {
  id: string;
  version: number;
}

type List<T> = (part: { limit: number; cursor: string | null }, signal: AbortSignal) => Promise<Page<T>>;

/** A kind of entity: what events call it, and the calls of the host. */
export interface Kind<T extends Entity, New, Patch extends { version: number }> {
  name: string;
  calls: {
    list: List<T>;
    create: (body: New) => Promise<T>;
    update: (id: string, patch: Patch) => Promise<T>;
    remove: (id: string) => Promise<void>;
  };
}

interface Items<T> {
  items: T[];
  /** Ids of those that are stored damaged. */
  damaged: string[];
}

/** All entities of a kind that one may see. */
export function useEntities<T extends Entity, New, Patch extends { version: number }>(
  { name, calls }: Kind<T, New, Patch>,
  enabled: boolean,
) {
  return useQuery({
    queryKey: keys.entities(name),
    queryFn: ({ signal }) => readAll(calls.list, signal),
    enabled,
  });
}

export async function readAll<T extends Entity>(list: List<T>, signal: AbortSignal): Promise<Items<T>> {
  const items: T[] = [];
  const damaged = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ limit: 100, cursor }, signal);
    items.push(...page.items);
    for (const id of page.damaged ?? []) damaged.add(id);
    cursor = page.next;
  } while (cursor !== null);
  // One that was renamed while it was read may have come twice.
  return { items: [...new Map(items.map((entity) => [entity.id, entity])).values()], damaged: [...damaged] };
}

/** What somebody has made of an entity since it was seen so; null if nobody has. */
export function newerThan<T extends Entity>(seen: T | null, items: T[] | undefined): T | null {
  const now = items?.find(({ id }) => id === seen?.id);
  return seen !== null && now !== undefined && now.version > seen.version ? now : null;
}

/** Makes, changes and deletes entities of a kind; what is shown of them follows at once. */
export function useEntityMutations<T extends Entity, New, Patch extends { version: number }>({
  name,
  calls,
}: Kind<T, New, Patch>) {
  const client = useQueryClient();
  // Somebody else may have changed or deleted it: what is there now is shown.
  const onError = () => client.invalidateQueries({ queryKey: keys.entities(name) });
  const create = useMutation({
    mutationFn: (body: New) => calls.create(body),
    onSuccess: (made) => write<T>(client, name, (items) => withAnswer(items, made)),
  });
  const update = useMutation({
    mutationFn: ({ entity, patch }: { entity: T; patch: Omit<Patch, "version"> }) =>
      calls.update(entity.id, { ...patch, version: entity.version } as Patch),
    onSuccess: (saved) => write<T>(client, name, (items) => withAnswer(items, saved)),
    onError,
  });
  const remove = useMutation({
    mutationFn: (id: string) => calls.remove(id),
    onSuccess: (_, id) => write<T>(client, name, (items) => items.filter((entity) => entity.id !== id)),
    onError,
  });
  return { create, update, remove };
}

function write<T>(client: QueryClient, name: string, change: (items: T[]) => T[]): void {
  client.setQueryData<Items<T>>(keys.entities(name), (data) => data && { ...data, items: change(data.items) });
}

/** Events may have brought a newer state already, which stays; what they took away comes back only if it is new. */
export function withAnswer<T extends Entity>(items: T[], answer: T): T[] {
  const index = items.findIndex(({ id }) => id === answer.id);
  const held = items[index];
  if (held === undefined) return answer.version === 1 ? [...items, answer] : items;
  return held.version > answer.version ? items : items.with(index, answer);
}
