// A twin of the host for tests: `omnichat:plugin/…` is found in fake-host.mjs. Loaded before the tests by `npm test`.

import { register } from "node:module";

const fake = new URL("./fake-host.mjs", import.meta.url).href;
const hooks = `export async function resolve(name, context, next) {
  return name.startsWith("omnichat:") ? { url: ${JSON.stringify(fake)}, shortCircuit: true } : next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
