import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { client, unwrap } from "../api/client";
import type { Notices } from "../api/types";

export const NOTICES_KEY = ["notices"];

/** The organisation's notices for this person. The server says when there is a new one; asking is for when it cannot. */
export function useNotices() {
  return useQuery({
    queryKey: NOTICES_KEY,
    queryFn: ({ signal }) => unwrap<Notices>(client.GET("/api/v1/notices", { signal })),
    refetchInterval: 30_000,
  });
}

export function useUnread(): number {
  const notices = useNotices();
  useLive();
  return notices.data?.unread ?? 0;
}

/** What the steps of others may have changed; only what is on the screen is asked again. */
const LIVE_KEYS = [NOTICES_KEY, ["transfer"], ["transfers"], ["deadlines"], ["employee"], ["employer-home"], ["cases"], ["agency-home"]];
/** After a refused or broken stream. */
const AGAIN_MS = 30_000;

/**
 * Hears from the server the moment something changed for the organisation, and asks again. A hidden page lets go: it keeps neither a
 * connection nor the session alive, and asks again when it is shown.
 */
export function useLive(): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (typeof EventSource === "undefined") return;
    let source: EventSource | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => LIVE_KEYS.forEach((queryKey) => void queries.invalidateQueries({ queryKey }));
    const close = () => {
      clearTimeout(again);
      source?.close();
      source = null;
    };
    const open = () => {
      close();
      source = new EventSource("/api/v1/changes");
      source.addEventListener("changed", refresh);
      source.addEventListener("error", () => {
        // A dropped connection the browser opens again by itself; a refusal ends it.
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN_MS);
      });
    };
    const follow = () => {
      if (document.hidden) return close();
      open();
      refresh();
    };
    if (!document.hidden) open();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      close();
    };
  }, [queries]);
}
