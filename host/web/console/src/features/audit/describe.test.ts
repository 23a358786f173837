import { describe as group, expect, it } from "vitest";
import en from "~/locales/en/index.ts";
import ru from "~/locales/ru/index.ts";
import { actionKey, describe } from "./describe.ts";

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

  it("has words in both languages for every event of security", () => {
    const events = [
      "sign_in.refused",
      "password.refused",
      "invitation.refused",
      "access.refused",
      "webhook.refused",
      "session.reuse_detected",
    ];
    for (const event of events) {
      const name = actionKey(event).replace("audit.action.", "");
      expect(en.audit.action, event).toHaveProperty(name);
      expect(ru.audit.action, event).toHaveProperty(name);
    }
  });
});
