/** Makes TypeScript types of the host's OpenAPI document. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

/**
 * The document as the tree holds it: the snapshot that the host's own tests compare with what its routes say. There is no other
 * copy, so whoever changes a route sees the host's test fail first, and this package's test once the snapshot is accepted.
 */
export const snapshot = new URL(
  "../../../../tests/it/snapshots/it__openapi__the_document_is_as_it_was_agreed.snap",
  import.meta.url,
);

/** Where the types stand. */
export const target = new URL("../src/generated/openapi.ts", import.meta.url);

const header = `/**
 * @generated The host's API as its OpenAPI document describes it. Made by openapi-typescript; do not edit.
 * After a change of the host's routes: \`npm run generate -w packages/api-client\`.
 */

`;

/** Reads a document from JSON, or from a snapshot of insta, which is the same below a header between two lines of dashes. */
export function parse(text) {
  const front = /^---\r?\n[\s\S]*?\r?\n---\r?\n/.exec(text);
  const document = JSON.parse(front === null ? text : text.slice(front[0].length));
  if (typeof document?.openapi !== "string" || !document.openapi.startsWith("3.1.")) {
    throw new Error("this is no OpenAPI 3.1 document");
  }
  return document;
}

/** The text of the file with the types of a document. Leaves the document as it is. */
export async function generate(document) {
  const nodes = await openapiTS(withoutProblems(document), {
    // What is only said to be an object may hold anything: the settings of a channel, the details of an audit entry.
    emptyObjectsUnknown: true,
    // What has a default may be left out of a request.
    defaultNonNullable: false,
    silent: true,
  });
  return header + astToString(nodes);
}

/** Every operation answers every problem with the same `Problem`, which the client reads in one place; said once is enough. */
function withoutProblems(document) {
  const copy = structuredClone(document);
  for (const operation of Object.values(copy.paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (response.content?.["application/problem+json"] !== undefined) delete operation.responses[status];
    }
  }
  return copy;
}

/** The types of a document in a file: the snapshot if none is named, standard input if it is "-". */
export async function generateFrom(file = fileURLToPath(snapshot)) {
  return generate(parse(await readFile(file === "-" ? 0 : file, "utf8")));
}
