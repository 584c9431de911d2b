import { App, Button } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Advice, Employee, Hired, Page, Transfer, TransferSummary } from "../../api/types";
import { regionName } from "../../shared/regions";
import { ProblemNote } from "../../shared/states";
import { regionsToTransfer } from "./offers";

/** One button for each region that holds a relation of the person and has no transfer under way. */
export function StartTransfers({ employee, onFindings }: { employee: Employee; onFindings: (findings: Advice[]) => void }) {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const busy = useRef(false);
  const list = useQuery({
    queryKey: ["transfers", "of", employee.id],
    queryFn: ({ signal }) =>
      unwrap<Page<TransferSummary>>(client.GET("/api/v1/transfers", { params: { query: { employee_id: employee.id } }, signal })),
  });
  const start = useMutation({
    mutationFn: async (region: string) => {
      // The regions are asked anew, since their records may have changed.
      const hired = await unwrap<Hired>(client.POST("/api/v1/employees/{id}/status", { params: { path: { id: employee.id } } }));
      onFindings(hired.findings);
      const body = { employee_id: employee.id, from_region: region, insurance: "pension" as const };
      return unwrap<Transfer>(client.POST("/api/v1/transfers", { body }));
    },
    onSuccess: (transfer) => {
      void message.success(t("started"));
      void navigate(`/transfers/${transfer.id}`);
    },
    onSettled: () => {
      busy.current = false;
      return Promise.all([["employee", employee.id], ["transfers"]].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
  const once = (region: string) => {
    if (busy.current) return;
    busy.current = true;
    start.mutate(region);
  };
  const regions = list.data ? regionsToTransfer(employee.region, employee.relations, list.data.items) : [];
  return (
    <>
      {regions.map((region) => (
        <Button
          key={region}
          type="primary"
          loading={start.isPending && start.variables === region}
          disabled={start.isPending && start.variables !== region}
          onClick={() => once(region)}
        >
          {regions.length > 1 ? t("start.of", { region: regionName(region) }) : t("start")}
        </Button>
      ))}
      {start.isError && <ProblemNote error={start.error} />}
    </>
  );
}
