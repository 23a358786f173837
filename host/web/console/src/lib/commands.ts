/** What the command palette offers: pages register what can be done on them while they are shown. */
import { useEffect } from "react";
import { createStore } from "./store.ts";

export interface Command {
  id: string;
  title: string;
  group: string;
  /** Shown at the right, for instance "E". */
  keys?: string;
  run: () => void;
}

export const commands = createStore<Record<string, Command[]>>({});

/** Offers the commands under a name for as long as the component lives. `list` must be memoised. */
export function useCommands(owner: string, list: Command[]): void {
  useEffect(() => {
    commands.set((all) => ({ ...all, [owner]: list }));
    return () =>
      commands.set((all) => {
        const { [owner]: _, ...others } = all;
        return others;
      });
  }, [owner, list]);
}
