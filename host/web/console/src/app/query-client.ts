import { ApiError } from "@omnichat/api-client/error";
import { QueryClient } from "@tanstack/react-query";

/** Events keep what is shown fresh, so nothing is refetched for growing old or for a focused window. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 3 && error instanceof ApiError && error.isTemporary,
      retryDelay: (attempt) => Math.min(8000, 600 * 2 ** attempt),
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
