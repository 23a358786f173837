import { useEffect, useState } from "react";

/** The secret after # of a one-time link, which never travels to the host by itself. */
export function useLinkToken(): string {
  const [token, setToken] = useState(() => decodeURIComponent(location.hash.slice(1)));
  useEffect(() => {
    const onChange = () => setToken(decodeURIComponent(location.hash.slice(1)));
    window.addEventListener("hashchange", onChange);
    return () => window.removeEventListener("hashchange", onChange);
  }, []);
  return token;
}
