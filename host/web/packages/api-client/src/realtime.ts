/** Frames of the console's WebSocket, both ways. They come from the host's OpenAPI document as well. */
import type { components } from "./generated/openapi.ts";

type Schemas = components["schemas"];

export type DomainEvent = Schemas["Event"];
export type Viewer = Schemas["Viewer"];
export type ServerFrame = Schemas["ServerFrame"];
export type ClientFrame = Schemas["ClientFrameIn"];
