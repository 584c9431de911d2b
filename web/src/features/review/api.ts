import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import type { CaseDetail, CaseDocument, OpinionTemplate, ReasonTemplate } from "../../api/types";

export type CaseAct = "take" | "release" | "pass" | "approve" | "return" | "refuse" | "reverse" | "submit" | "withdraw";

export interface Decision {
  act: CaseAct;
  opinion?: string;
  reasons?: { code: string; text?: string }[];
}

export function useCase(id: string) {
  return useQuery({
    queryKey: ["case", id],
    queryFn: ({ signal }) => unwrap<CaseDetail>(client.GET("/api/v1/cases/{id}", { params: { path: { id } }, signal })),
  });
}

export function useReasons(enabled: boolean) {
  return useQuery({
    queryKey: ["reasons"],
    queryFn: ({ signal }) => unwrap<ReasonTemplate[]>(client.GET("/api/v1/review/reasons", { signal })),
    staleTime: Infinity,
    enabled,
  });
}

export function useDecide(id: string, version: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ act, ...rest }: Decision) =>
      unwrap(client.POST(`/api/v1/cases/{id}/${act}`, { params: { path: { id } }, body: { ...rest, version } })),
    onSettled: () => Promise.all([["case", id], ["cases"], ["agency-home"]].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}

export function useDocuments(id: string) {
  return useQuery({
    queryKey: ["case", id, "documents"],
    queryFn: ({ signal }) => unwrap<CaseDocument[]>(client.GET("/api/v1/cases/{id}/documents", { params: { path: { id } }, signal })),
  });
}

export function useOpinions(enabled: boolean) {
  return useQuery({
    queryKey: ["opinions"],
    queryFn: ({ signal }) => unwrap<OpinionTemplate[]>(client.GET("/api/v1/review/opinions", { signal })),
    staleTime: Infinity,
    enabled,
  });
}

/** Asks the national platform anew about the person of an enrolment case. */
export function useRecheck(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap<CaseDetail>(client.POST("/api/v1/cases/{id}/recheck", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["case", id] }),
  });
}
