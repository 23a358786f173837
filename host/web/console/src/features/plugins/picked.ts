/** The files that somebody has picked or dropped: a component, and its signature if there is one. */
export interface Picked<F = File> {
  wasm: F | null;
  signature: F | null;
  problem: "several" | "other" | "too_large" | "not_a_signature" | null;
}

/** The host takes no larger component; bytes. */
const mostWasm = 32 * 1024 * 1024;
/** A signature is three lines of text. */
const mostSignature = 4096;

export const nothing: Picked<never> = { wasm: null, signature: null, problem: null };

/** Adds files. Another component takes the place of the earlier one and of its signature. */
export function pick<F extends { name: string; size: number }>(before: Picked<F>, files: F[]): Picked<F> {
  const ending = (end: string) => files.filter((file) => file.name.toLowerCase().endsWith(end));
  const wasms = ending(".wasm");
  const signatures = ending(".sig");
  const refuse = (problem: Picked["problem"]) => ({ ...before, problem });
  if (files.length === 0) return before;
  if (wasms.length + signatures.length < files.length) return refuse("other");
  if (wasms.length > 1 || signatures.length > 1) return refuse("several");
  const [wasm = null] = wasms;
  const [signature = null] = signatures;
  if (wasm !== null && wasm.size > mostWasm) return refuse("too_large");
  if (signature !== null && signature.size > mostSignature) return refuse("not_a_signature");
  return {
    wasm: wasm ?? before.wasm,
    signature: signature ?? (wasm === null ? before.signature : null),
    problem: null,
  };
}
