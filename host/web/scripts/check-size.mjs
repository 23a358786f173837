// Fails when what a browser fetches first has grown past its limit. Run after `npm run build`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const kB = 1000;

/** The console's entry, the larger language, and everything they import before the inbox is shown. */
function consoleFirstLoad() {
  const dist = join(web, "console/dist");
  const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
  const closure = (names) => {
    const files = new Set();
    const visit = (name) => {
      const chunk = manifest[name];
      if (chunk === undefined || files.has(chunk.file)) return;
      files.add(chunk.file);
      for (const imported of chunk.imports ?? []) visit(imported);
    };
    names.forEach(visit);
    return [...files].map((file) => join(dist, file));
  };
  const entry = Object.keys(manifest).filter((name) => manifest[name].isEntry);
  if (entry.length === 0) throw new Error("the console's manifest has no entry");
  const languages = Object.keys(manifest).filter((name) => /locales\/\w+\/index\.ts$/.test(name));
  if (languages.length === 0) throw new Error("the console's manifest has no languages");
  return languages
    .map((language) => closure([...entry, language]))
    .reduce((larger, files) => (total(files) > total(larger) ? files : larger));
}

function allFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name));
}

const gzipped = (file) => gzipSync(readFileSync(file), { level: 9 }).length;
const total = (files) => files.reduce((sum, file) => sum + gzipped(file), 0);

const loader = join(web, "widget/dist/loader.js");
const frame = join(web, "widget/dist/frame");
const checks = [
  ["console, first load", 300, consoleFirstLoad],
  ["widget loader", 4, () => [loader]],
  ["widget, whole", 40, () => [loader, ...allFiles(frame)]],
];

let failed = false;
for (const [name, limit, list] of checks) {
  let files;
  try {
    files = list();
    const missing = files.find((file) => !existsSync(file));
    if (missing !== undefined) throw new Error(`${relative(web, missing)} does not exist`);
  } catch (error) {
    console.error(`${name}: cannot be measured (${error.message}); run "npm run build" first`);
    failed = true;
    continue;
  }
  const size = total(files) / kB;
  const ok = size <= limit;
  failed ||= !ok;
  console.log(`${ok ? "ok  " : "OVER"} ${name.padEnd(22)} ${size.toFixed(1).padStart(7)} kB gzip of ${limit} in ${files.length} file(s)`);
}
process.exitCode = failed ? 1 : 0;
