import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import type { Transfer } from "../../api/types";

const key = (id: string) => ["transfer", id];

/** One transfer; asked again every few seconds, since other offices move it on. */
export function useTransfer(id: string) {
  return useQuery({
    queryKey: key(id),
    queryFn: ({ signal }) => unwrap<Transfer>(client.GET("/api/v1/transfers/{id}", { params: { path: { id } }, signal })),
    refetchInterval: 10_000,
  });
}

export type Act = "sign" | "file" | "withdraw" | "confirm";

export function useTransferAct(id: string, version: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) => {
      const params = { path: { id } };
      if (act === "sign") return unwrap(client.POST("/api/v1/transfers/{id}/sign", { params, body: { version } }));
      if (act === "file") return unwrap(client.POST("/api/v1/transfers/{id}/file", { params }));
      if (act === "withdraw") return unwrap(client.POST("/api/v1/transfers/{id}/withdraw", { params, body: { reason: "" } }));
      return unwrap(client.POST("/api/v1/transfers/{id}/confirm", { params }));
    },
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: key(id) }), queries.invalidateQueries({ queryKey: ["transfers"] })]),
  });
}

export function useSaveForm(id: string, version: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (fields: Record<string, string>) =>
      unwrap(client.PUT("/api/v1/transfers/{id}/form", { params: { path: { id } }, body: { version, fields } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: key(id) }),
  });
}
