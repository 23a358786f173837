/** Programs by what they call themselves, the particular before what they imitate. */
const programs: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/YaBrowser\//, "Yandex Browser"],
  [/OPR\//, "Opera"],
  [/(Firefox|FxiOS)\//, "Firefox"],
  [/(Chrome|CriOS)\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const systems: [RegExp, string][] = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** A browser and its system in words, from what it says of itself; a program of somebody's own stays as it calls itself. */
export function device(client: string): string {
  const program = programs.find(([sign]) => sign.test(client))?.[1];
  if (program === undefined) return client;
  const system = systems.find(([sign]) => sign.test(client))?.[1];
  return system === undefined ? program : `${program}, ${system}`;
}
