import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import type { Transfer } from "../../api/types";

export const transferKey = (id: string) => ["transfer", id];

/** One transfer. The server says when something changed (shared/notices); asking every few seconds is for when it cannot. */
export function useTransfer(id: string) {
  return useQuery({
    queryKey: transferKey(id),
    queryFn: ({ signal }) => readTransfer(id, signal),
    refetchInterval: 10_000,
  });
}

export function readTransfer(id: string, signal?: AbortSignal): Promise<Transfer> {
  return unwrap<Transfer>(client.GET("/api/v1/transfers/{id}", { params: { path: { id } }, signal }));
}

export type Act = "sign" | "file" | "withdraw" | "confirm" | "restart";

/** An act on the transfer as it was seen; answers with the transfer after it — of `restart`, the new one. */
export function useTransferAct() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ act, transfer }: { act: Act; transfer: Transfer }) => {
      const params = { path: { id: transfer.id } };
      if (act === "sign") return unwrap<Transfer>(client.POST("/api/v1/transfers/{id}/sign", { params, body: { version: transfer.version } }));
      if (act === "file") return unwrap<Transfer>(client.POST("/api/v1/transfers/{id}/file", { params }));
      if (act === "withdraw") return unwrap<Transfer>(client.POST("/api/v1/transfers/{id}/withdraw", { params, body: { reason: "" } }));
      if (act === "confirm") return unwrap<Transfer>(client.POST("/api/v1/transfers/{id}/confirm", { params }));
      const { employee_id, from_region, insurance } = transfer;
      return unwrap<Transfer>(client.POST("/api/v1/transfers", { body: { employee_id, from_region, insurance } }));
    },
    onSettled: (_, __, { transfer }) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: transferKey(transfer.id) }),
        queries.invalidateQueries({ queryKey: ["transfers"] }),
        queries.invalidateQueries({ queryKey: ["employee", transfer.employee_id] }),
      ]),
  });
}

export function useSaveForm(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { version: number; fields: Record<string, string> }) =>
      unwrap<Transfer>(client.PUT("/api/v1/transfers/{id}/form", { params: { path: { id } }, body })),
    onSettled: () => queries.invalidateQueries({ queryKey: transferKey(id) }),
  });
}
