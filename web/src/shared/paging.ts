import { useInfiniteQuery } from "@tanstack/react-query";
import type { Page } from "../api/types";

/** A list read page by page with the server's cursor. */
export function usePages<T>(
  key: readonly unknown[],
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  refetchMs?: number,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: refetchMs,
  });
  const rows = query.data?.pages.flatMap((page) => page.items);
  return {
    rows,
    total: query.data?.pages[0]?.total,
    error: query.error,
    retry: () => void query.refetch(),
    onMore: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    moreLoading: query.isFetchingNextPage,
    fetching: query.isFetching,
  };
}
