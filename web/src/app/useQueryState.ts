import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

/** The parameters of the page's URL; a change replaces the entry in the browser's history. */
export function useQueryState(): [URLSearchParams, (changes: Record<string, string | null>) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  // The router's text is decoded already: a second time would change every % and + of a statement.
  const parameters = useMemo(() => new URLSearchParams(window.location.search), [search]);
  const change = useCallback(
    (changes: Record<string, string | null>) => {
      // What a field says late, when another page is there already, must not bring this one back.
      if (decodeURI(window.location.pathname) !== path) {
        return;
      }
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === "") {
          next.delete(name);
        } else {
          next.set(name, value);
        }
      }
      const text = next.toString();
      navigate(path + (text ? `?${text}` : ""), { replace: true });
    },
    [navigate, path],
  );
  return [parameters, change];
}
