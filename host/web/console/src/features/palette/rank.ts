/** Which commands fit what was typed, best first; without a text all of them in the given order. */
interface Named {
  title: string;
  group: string;
}

export function rankCommands<T extends Named>(list: T[], text: string): T[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return list;
  return list
    .map((command, index) => ({ command, index, score: score(command, words) }))
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map((entry) => entry.command);
}

/** Each word must be somewhere; the start of the title counts most, then the start of a word. */
function score(command: Named, words: string[]): number {
  const title = command.title.toLowerCase();
  const group = command.group.toLowerCase();
  let sum = 0;
  for (const word of words) {
    if (title.startsWith(word)) sum += 4;
    else if (title.includes(` ${word}`)) sum += 3;
    else if (title.includes(word)) sum += 2;
    else if (group.includes(word)) sum += 1;
    else return 0;
  }
  return sum;
}
