import type { RoutingStrategy } from "@omnichat/api-client/types";

export const routings: RoutingStrategy[] = ["round_robin", "least_loaded", "manual"];
