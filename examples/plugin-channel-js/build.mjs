// Makes build/component.wasm of src/app.js. `omnichat plugin build` calls this and adds the manifest.

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { componentize } from "@bytecodealliance/componentize-js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const { component } = await componentize({
  sourcePath: here("src/app.js"),
  // The contract, as text: a copy or a link of the folder of that version.
  witPath: here("wit"),
  worldName: "channel-plugin",
  // Time, chance and the network come from the host's own functions; console.log() goes to the plugin's log.
  disableFeatures: ["random", "clocks", "http", "fetch-event"],
});
await mkdir(here("build"), { recursive: true });
await writeFile(here("build/component.wasm"), component);
console.log(`build/component.wasm: ${(component.length / 1e6).toFixed(1)} MB`);
