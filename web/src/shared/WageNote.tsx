import { useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../api/client";
import type { WageReport } from "../api/types";
import { FindingList } from "./FindingList";
import { useDebounced } from "./hooks";
import { fen } from "./money";

/** Typing settles this long before the server is asked. */
const SETTLE_MS = 400;

/** What the law of the place and month makes of a wage while it is typed: floor, ceiling, or no possible wage at all. */
export function WageNote({ wage, region, on }: { wage: string | null | undefined; region: string | undefined; on: string | undefined }) {
  const amount = useDebounced(wage ? fen(String(wage)) : null, SETTLE_MS);
  const query = useQuery({
    queryKey: ["wage-check", region, on, amount],
    enabled: amount !== null && !!region && !!on,
    queryFn: ({ signal }) =>
      unwrap<WageReport>(client.POST("/api/v1/wage-checks", { body: { region: region ?? "", on: on ?? "", wage_fen: amount ?? 0 }, signal })),
    staleTime: 60_000,
    retry: false,
  });
  const findings = amount === null ? [] : (query.data?.findings ?? []);
  return (
    <div aria-live="polite" data-testid="wage-note" style={findings.length > 0 ? { marginBottom: 12 } : undefined}>
      {findings.length > 0 && <FindingList findings={findings} />}
    </div>
  );
}
