/** Writes the types anew: `generate.mjs [FILE | -]`, see `generateFrom`. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { generateFrom, target } from "./openapi.mjs";

await writeFile(target, await generateFrom(process.argv[2]));
console.log(`wrote ${fileURLToPath(target)}`);
