import { useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../api/client";
import type { Notices } from "../api/types";

export const NOTICES_KEY = ["notices"];

/** The organisation's notices for this person; asked again every half minute so that an agency's step shows soon. */
export function useNotices() {
  return useQuery({
    queryKey: NOTICES_KEY,
    queryFn: ({ signal }) => unwrap<Notices>(client.GET("/api/v1/notices", { signal })),
    refetchInterval: 30_000,
  });
}

export function useUnread(): number {
  const notices = useNotices();
  return notices.data?.unread ?? 0;
}
