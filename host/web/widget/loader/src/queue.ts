/** The command queue: what the page called before this script came is replayed in order, then calls go straight through. */

export type Command = (...args: unknown[]) => void;
export type Commands = Record<string, Command>;
/** The page's function: `q` holds calls made before the script came, `loaded` tells that they were taken over. */
export type PageFunction = ((...args: unknown[]) => void) & { q?: ArrayLike<unknown>[]; loaded?: boolean };

/** Puts the live function at `scope[name]`. Answers false when another copy of the script already did. */
export function takeOver(scope: Record<string, unknown>, name: string, commands: Commands, warn: (text: string) => void): boolean {
  const early = scope[name] as PageFunction | undefined;
  if (early?.loaded) return false;
  const warned = new Set<string>();
  const live: PageFunction = (...args) => {
    const command = String(args[0]);
    if (Object.hasOwn(commands, command)) return commands[command]?.(...args.slice(1));
    if (!warned.has(command)) {
      warned.add(command);
      warn(`unknown command "${command}"`);
    }
  };
  live.loaded = true;
  scope[name] = live;
  for (const call of early?.q ?? []) live(...Array.from(call));
  return true;
}
