import { useEffect, useRef, useState, useSyncExternalStore } from "react";

/** True below 768 px: tables become cards, the menu a drawer. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia("(max-width: 767px)");
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => matchMedia("(max-width: 767px)").matches,
  );
}

export function useDebounced<T>(value: T, ms: number): T {
  const [held, setHeld] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setHeld(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return held;
}

/** Keyboard shortcuts of a page. Plain keys do not fire while a field has the focus; Ctrl combinations do. */
export function useHotkeys(keys: Record<string, (event: KeyboardEvent) => void>, enabled = true): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      const name = (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + event.key;
      const handler = latest.current[name];
      if (!handler) return;
      const target = event.target as HTMLElement | null;
      const typing = target?.closest("input, textarea, select, [contenteditable], [role=combobox]");
      if (typing && !name.startsWith("Ctrl+") && event.key !== "Escape") return;
      // A focused button or link keeps its own Enter and Space.
      if (event.key === "Enter" && !name.startsWith("Ctrl+") && target?.closest("button, a, [role=menuitem]")) return;
      if (document.querySelector(".ant-modal-wrap:not([style*='display: none'])") && event.key !== "Escape") return;
      event.preventDefault();
      handler(event);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [enabled]);
}
