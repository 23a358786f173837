import { ApiError } from "@omnichat/api-client/error";
import { type ComponentType, useCallback, useEffect, useState } from "react";
import { ErrorState, PageSkeleton } from "~/components/states.tsx";
import { fetchStylesAgain } from "~/lib/styles-again.ts";

/** What to say of a part that does not come. */
export const notFetched = new ApiError({ status: 0, code: "network" });

interface Lazy<P> {
  load: () => Promise<ComponentType<P>>;
  /** The part if it is here; else asks for it, and again by `retry` after it did not come. */
  useIt: () => { Part: ComponentType<P> | null; failed: boolean; retry: () => void };
}

/** A part of the console that is fetched when it is needed. Other than with `lazy` of React, a failure is not for ever. */
export function lazily<P>(importer: () => Promise<ComponentType<P>>): Lazy<P> {
  let loaded: ComponentType<P> | null = null;
  const load = async () => {
    if (loaded !== null) return loaded;
    await fetchStylesAgain();
    loaded = await importer();
    return loaded;
  };
  return {
    load,
    useIt: () => {
      const [Part, setPart] = useState(() => loaded);
      const [failed, setFailed] = useState(false);
      const retry = useCallback(() => {
        setFailed(false);
        load().then(
          (part) => setPart(() => part),
          () => setFailed(true),
        );
      }, []);
      useEffect(() => {
        if (Part === null) retry();
      }, [Part, retry]);
      return { Part, failed, retry };
    },
  };
}

/** A page of the router that is fetched when somebody goes there, or is about to. */
export function lazyPage(importer: () => Promise<ComponentType>) {
  const { load, useIt } = lazily(importer);
  function LazyPage() {
    const { Part, failed, retry } = useIt();
    if (Part !== null) return <Part />;
    return failed ? <ErrorState error={notFetched} retry={retry} /> : <PageSkeleton />;
  }
  return Object.assign(LazyPage, {
    preload: () =>
      load().then(
        () => undefined,
        () => undefined,
      ),
  });
}
