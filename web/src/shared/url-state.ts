import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** Filters that live in the address, so that a view can be kept, shared and gone back to. */
export function useUrlState<K extends string>(keys: readonly K[]): [Record<K, string>, (change: Partial<Record<K, string>>) => void] {
  const [params, setParams] = useSearchParams();
  const values = Object.fromEntries(keys.map((key) => [key, params.get(key) ?? ""])) as Record<K, string>;
  const change = useCallback(
    (next: Partial<Record<K, string>>) => {
      setParams(
        (old) => {
          const made = new URLSearchParams(old);
          for (const [key, value] of Object.entries(next)) {
            if (value) made.set(key, value as string);
            else made.delete(key);
          }
          return made;
        },
        { replace: true },
      );
    },
    [setParams],
  );
  return [values, change];
}
