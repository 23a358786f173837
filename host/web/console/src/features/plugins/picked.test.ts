import { describe, expect, it } from "vitest";
import { nothing, pick, type Picked } from "./picked.ts";

interface Named {
  name: string;
  size: number;
}
const file = (name: string, size = 100): Named => ({ name, size });
const wasm = file("viber.wasm");
const signature = file("viber.wasm.sig");
const start: Picked<Named> = nothing;

describe("picked files", () => {
  it("are a component and its signature, in any order and in one go or two", () => {
    const whole = { wasm, signature, problem: null };
    expect(pick(start, [signature, wasm])).toEqual(whole);
    expect(pick(pick(start, [wasm]), [signature])).toEqual(whole);
    expect(pick(pick(start, [signature]), [])).toEqual({ wasm: null, signature, problem: null });
  });

  it("lose the signature of another component", () => {
    const other = file("MAX.WASM");
    expect(pick(pick(start, [wasm, signature]), [other])).toEqual({ wasm: other, signature: null, problem: null });
  });

  it("are refused with what was there kept", () => {
    const before = pick(start, [wasm]);
    for (const [files, problem] of [
      [[file("a.wasm"), file("b.wasm")], "several"],
      [[file("a.sig"), file("b.sig")], "several"],
      [[file("plugin.zip")], "other"],
      [[file("a.wasm"), file("README.md")], "other"],
      [[file("a.wasm", 33 * 1024 * 1024)], "too_large"],
      [[file("a.sig", 5000)], "not_a_signature"],
    ] as const) {
      expect(pick(before, [...files])).toEqual({ ...before, problem });
    }
    expect(pick(pick(before, [file("plugin.zip")]), [wasm]).problem).toBeNull();
  });
});
