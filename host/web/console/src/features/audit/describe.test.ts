import { describe as group, expect, it } from "vitest";
import en from "~/locales/en/index.ts";
import ru from "~/locales/ru/index.ts";
import { actionKey, describe, isAlarm, subject } from "./describe.ts";
import { device } from "./device.ts";

group("a line of the audit log", () => {
  it("says where something came from, and how often", () => {
    expect(describe({ details: { address: "192.0.2.1", times: 40, route: "/api/v1/audit", method: "GET" } })).toEqual([
      { key: "address", values: { value: "192.0.2.1" } },
      { key: "times", values: { count: 40 } },
      { key: "route", values: { value: "/api/v1/audit" } },
    ]);
    expect(describe({ details: { others: true, times: 3 } }).map((detail) => detail.key)).toEqual(["others", "times"]);
  });

  it("says what changed", () => {
    const details = { role: { from: "admin", to: "operator" }, password: "changed", sessions: "ended", disabled: false };
    expect(describe({ details }).map((detail) => detail.key)).toEqual(["sessions", "password", "role_changed", "enabled"]);
    expect(describe({ details: {} })).toEqual([]);
    expect(describe({ details: { role: { from: null, to: [] }, secret: { deep: 1 } } })).toEqual([]);
  });

  it("names what it is about, once", () => {
    const actor = { kind: "operator" as const, id: "op_1", name: "Alex" };
    const nobody = () => undefined;
    const line = { action: "api_key.created", actor, target: "key_1", details: { name: "Order bot" } };
    expect(subject(line, nobody)).toBe("Order bot");
    expect(describe(line, "Order bot")).toEqual([]);
    expect(subject(line, () => "Renamed bot")).toBe("Renamed bot");
    expect(subject({ ...line, target: "op_1", details: {} }, () => "Alex")).toBeNull();
    expect(subject({ ...line, action: "plugin.installed", target: "viber", details: {} }, nobody)).toBe("viber");
    expect(subject({ ...line, details: {} }, nobody)).toBeNull();
  });

  it("tells browsers in words and leaves other programs their names", () => {
    const browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
    expect(device(browser)).toBe("Chrome, Windows");
    expect(device(`${browser} Edg/140.0.0.0`)).toBe("Edge, Windows");
    expect(device("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1")).toBe("Safari, iOS");
    expect(device("curl/8.5.0")).toBe("curl/8.5.0");
  });

  it("marks what may be an attack", () => {
    expect(["sign_in.refused", "sign_in.slowed", "session.reuse_detected"].every(isAlarm)).toBe(true);
    expect(isAlarm("session.began")).toBe(false);
  });

  it("has words in both languages for what is written down", () => {
    const actions = [
      "sign_in.refused",
      "sign_in.slowed",
      "password.refused",
      "invitation.refused",
      "access.refused",
      "webhook.refused",
      "session.reuse_detected",
      "api_key.created",
      "api_key.updated",
      "api_key.rotated",
      "api_key.revoked",
      "inbox.visitors_signed_out",
      "inbox.resealed",
      "automation.resealed",
    ];
    for (const action of actions) {
      const name = actionKey(action).replace("audit.action.", "");
      expect(en.audit.action, action).toHaveProperty(name);
      expect(ru.audit.action, action).toHaveProperty(name);
    }
  });
});
