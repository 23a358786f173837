/** What the widget reads and says, against the host's OpenAPI document. */
import { expectTypeOf, it } from "vitest";
import type { components } from "../../../packages/api-client/src/generated/openapi.ts";
import type { SessionRequest } from "./http/api.ts";
import type { FromHost, NewMessage, OfflineMessage, StoredFile, ToHost, WidgetConfig, WidgetSession } from "./wire.ts";

type Schemas = components["schemas"];

it("reads what the host sends", () => {
  expectTypeOf<Schemas["WidgetConfig"]>().toExtend<WidgetConfig>();
  expectTypeOf<Schemas["WidgetSession"]>().toExtend<WidgetSession>();
  expectTypeOf<Schemas["File"]>().toExtend<StoredFile>();
  expectTypeOf<Schemas["WidgetServerFrame"]>().toExtend<FromHost>();
});

it("says what the host takes", () => {
  expectTypeOf<NewMessage>().toExtend<Schemas["WidgetMessageIn"]>();
  expectTypeOf<OfflineMessage>().toExtend<Schemas["WidgetLeftMessageIn"]>();
  expectTypeOf<Omit<SessionRequest, "visitor">>().toExtend<Schemas["WidgetSessionIn"]>();
  expectTypeOf<ToHost>().toExtend<Schemas["WidgetClientFrameIn"]>();
});
