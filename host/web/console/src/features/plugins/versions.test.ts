import { expect, it } from "vitest";
import { compareVersions } from "./versions.ts";

it("orders versions as their rules say", () => {
  const ordered = ["0.2.0", "0.10.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0"];
  expect(ordered.toReversed().sort(compareVersions)).toEqual(ordered);
  expect(compareVersions("1.0.0+first", "1.0.0+second")).toBe(0);
});
