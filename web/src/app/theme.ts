import { useEffect, useState } from "react";

/** `auto` follows the system. */
export type Theme = "auto" | "light" | "dark";

const KEY = "watershed.theme";
const CHANGED = "watershed-theme";

export function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === "light" || stored === "dark" ? stored : "auto";
}

export function applyTheme(theme: Theme) {
  if (theme === "auto") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, theme);
    document.documentElement.dataset.theme = theme;
  }
  window.dispatchEvent(new Event(CHANGED));
}

/** Changes whenever colours do, so that canvases are painted anew. */
export function useColorsVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = () => setVersion((old) => old + 1);
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", changed);
    window.addEventListener(CHANGED, changed);
    return () => {
      system.removeEventListener("change", changed);
      window.removeEventListener(CHANGED, changed);
    };
  }, []);
  return version;
}
