import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, fileBody, unwrap } from "../../api/client";
import type { components } from "../../api/schema";
import type { CaseDetail, Page } from "../../api/types";
import { usePages } from "../../shared/paging";

type Schemas = components["schemas"];
export type Unit = Schemas["UnitSummary"];
export type UnitDetail = Schemas["UnitDetail"];
export type UnitMonth = Schemas["UnitMonth"];
export type RollEntry = Schemas["RollEntry"];
export type Run = Schemas["AssessmentRun"];
export type RunEmployer = Schemas["RunEmployer"];
export type CounterLine = Schemas["CounterLine"];
export type CounterDeclaration = Schemas["CounterDeclaration"];

export function useUnits(query: string) {
  return usePages<Unit>(["units", query], (cursor, signal) =>
    unwrap<Page<Unit>>(client.GET("/api/v1/agency/units", { params: { query: { query: query || undefined, cursor } }, signal })),
  );
}

export function useUnit(id: string) {
  return useQuery({
    queryKey: ["unit", id],
    queryFn: ({ signal }) => unwrap<UnitDetail>(client.GET("/api/v1/agency/units/{id}", { params: { path: { id } }, signal })),
  });
}

export function useRoll(id: string, query: string) {
  return usePages<RollEntry>(["unit", id, "roll", query], (cursor, signal) =>
    unwrap<Page<RollEntry>>(
      client.GET("/api/v1/agency/units/{id}/roll", { params: { path: { id }, query: { query: query || undefined, cursor } }, signal }),
    ),
  );
}

export const isOpen = (run: Run | undefined) => run?.state === "running" || run?.state === "sending";

export function useRuns() {
  return usePages<Run>(
    ["assessment-runs"],
    (cursor, signal) => unwrap<Page<Run>>(client.GET("/api/v1/agency/assessment-runs", { params: { query: { cursor } }, signal })),
    5_000,
  );
}

export function useRun(id: string) {
  return useQuery({
    queryKey: ["assessment-run", id],
    queryFn: ({ signal }) => unwrap<Run>(client.GET("/api/v1/agency/assessment-runs/{id}", { params: { path: { id } }, signal })),
    // Progress while there is some; an ended run changes no more.
    refetchInterval: ({ state }) => (isOpen(state.data) ? 1_000 : false),
  });
}

export function useRunEmployers(id: string, done: boolean) {
  return usePages<RunEmployer>(["assessment-run", id, "employers", done], (cursor, signal) =>
    unwrap<Page<RunEmployer>>(client.GET("/api/v1/agency/assessment-runs/{id}/employers", { params: { path: { id }, query: { cursor } }, signal })),
  );
}

export function useStartRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (month: string) => unwrap<Run>(client.POST("/api/v1/agency/assessment-runs", { body: { month } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["assessment-runs"] }),
  });
}

export function useCancelRun(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap<Run>(client.POST("/api/v1/agency/assessment-runs/{id}/cancel", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["assessment-run", id] }),
  });
}

export function useReadFile() {
  return useMutation({
    mutationFn: (file: File) =>
      unwrap<{ lines: CounterLine[] }>(
        client.POST("/api/v1/agency/declarations/file", {
          body: fileBody("file", file) as never,
          bodySerializer: (body: unknown) => body as FormData,
        }),
      ),
  });
}

export function useDeclare() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: CounterDeclaration) => unwrap<CaseDetail>(client.POST("/api/v1/agency/declarations", { body })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["cases"] }),
  });
}
