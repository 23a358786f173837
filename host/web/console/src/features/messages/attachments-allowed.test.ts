import type { Capabilities } from "@omnichat/api-client/types";
import { describe, expect, it } from "vitest";
import { refusal } from "./attachments-allowed.ts";

const channel = (media: Capabilities["media"], attachments_max = 3) =>
  ({ media, attachments_max }) as Capabilities;

describe("attachments", () => {
  it("lets a file within its kind's limit go", () => {
    const can = channel([{ kind: "image", max_bytes: 100 }]);
    expect(refusal(can, { type: "image/png", size: 100 }, 0)).toBeNull();
    expect(refusal(can, { type: "image/png", size: 101 }, 0)).toEqual({ reason: "size", max: 100 });
  });
  it("sends an unknown kind as a document where there are documents", () => {
    const can = channel([{ kind: "document", max_bytes: 100 }]);
    expect(refusal(can, { type: "video/mp4", size: 1 }, 0)).toBeNull();
    expect(refusal(channel([{ kind: "image", max_bytes: 9 }]), { type: "", size: 1 }, 0)).toEqual({ reason: "kind" });
  });
  it("counts those that are there already", () => {
    const can = channel([{ kind: "document", max_bytes: 100 }], 1);
    expect(refusal(can, { type: "", size: 1 }, 1)).toEqual({ reason: "count", max: 1 });
  });
});
