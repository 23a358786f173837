/** Numbers of versions, as semantic versioning orders them. */

/** Below zero if `a` comes before `b`, zero if they are the same. What stands after a plus orders nothing. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  for (const [index, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.pre.length === 0 || right.pre.length === 0) return Number(left.pre.length === 0) - Number(right.pre.length === 0);
  for (const [index, name] of left.pre.entries()) {
    const other = right.pre[index];
    if (other === undefined) return 1;
    const difference = compareNames(name, other);
    if (difference !== 0) return difference;
  }
  return left.pre.length - right.pre.length;
}

function parts(version: string): { numbers: number[]; pre: string[] } {
  const [whole = ""] = version.split("+");
  const dash = whole.indexOf("-");
  const numbers = dash < 0 ? whole : whole.slice(0, dash);
  return { numbers: numbers.split(".").map(Number), pre: dash < 0 ? [] : whole.slice(dash + 1).split(".") };
}

/** Numbers by their size, before words; words by their letters. */
function compareNames(a: string, b: string): number {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (left && right) return Number(a) - Number(b);
  if (left !== right) return left ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
