import { useSyncExternalStore } from "react";

/** Preferences of this browser (language, dark mode, table layout). Nothing about a person is kept here. */
const listeners = new Set<() => void>();

function read(key: string): string | null {
  try {
    return localStorage.getItem(`shebao.${key}`);
  } catch {
    return null; // Storage is switched off: the preference lasts for the page only.
  }
}

export function setPref(key: string, value: string): void {
  try {
    localStorage.setItem(`shebao.${key}`, value);
  } catch {
    // As above.
  }
  for (const listener of listeners) listener();
}

export function pref(key: string): string | null {
  return read(key);
}

export function usePref(key: string, fallback: string): [string, (value: string) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(key) ?? fallback,
  );
  return [value, (next) => setPref(key, next)];
}
