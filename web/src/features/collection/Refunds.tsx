import { Button, Input, Modal } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import { Money, StatusTag } from "../../shared/bits";
import { today } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { EmptyState, ProblemNote } from "../../shared/states";
import type { RefundRow } from "./orders";

export function Refunds() {
  const { t } = useTranslation("collection");
  const navigate = useNavigate();
  const [paying, setPaying] = useState<RefundRow>();
  const list = useQuery({
    queryKey: ["refunds"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/collection/refunds", { signal })),
  });
  const make = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/collection/bank-files/export", { body: { kind: "refund" } })),
    onSuccess: (made) => void navigate(`/collection/bank-files/${made.file_id}`),
  });
  const may = list.data?.allowed_actions ?? [];
  return (
    <div className="stack">
      {make.isError && <ProblemNote error={make.error} />}
      <DataTable<RefundRow>
        id="refunds"
        label={t("view.refunds")}
        rows={list.data?.items}
        rowKey={(one) => one.refund_id}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={<EmptyState title={t("refunds.none")} />}
        tools={
          may.includes("export") && (
            <Button loading={make.isPending} onClick={() => make.mutate()}>
              {t("refunds.export")}
            </Button>
          )
        }
        columns={[
          { key: "number", title: t("refunds.number"), primary: true, render: (one) => <span className="mono">{one.refund_number}</span> },
          { key: "payee", title: t("refund.payee"), render: (one) => one.payee_name },
          { key: "bank", title: t("refund.bank"), optional: true, render: (one) => `${one.bank_name} ${one.account_masked}` },
          { key: "amount", title: t("amount"), align: "right", render: (one) => <Money fen={one.amount_fen} /> },
          {
            key: "state",
            title: t("state"),
            render: (one) => <StatusTag tone={one.state === "paid" ? "success" : "processing"}>{t(`refunds.state.${one.state}`)}</StatusTag>,
          },
          { key: "on", title: t("paidOn"), render: (one) => <span className="num">{one.paid_on ?? "—"}</span> },
          { key: "case", title: t("case"), render: (one) => <Link to={`/cases/${one.case_id}`}>{t("case")}</Link> },
          {
            key: "acts",
            title: t("acts"),
            render: (one) =>
              may.includes("paid") && one.state !== "paid" ? (
                <Button size="small" onClick={() => setPaying(one)}>
                  {t("refunds.paid")}
                </Button>
              ) : (
                "—"
              ),
          },
        ]}
      />
      {paying && <PaidDialog refund={paying} onClose={() => setPaying(undefined)} />}
    </div>
  );
}

function PaidDialog({ refund, onClose }: { refund: RefundRow; onClose: () => void }) {
  const { t } = useTranslation("collection");
  const [day, setDay] = useState(today());
  const [reference, setReference] = useState("");
  const queries = useQueryClient();
  const paid = useMutation({
    mutationFn: () =>
      unwrap(
        client.POST("/api/v1/collection/refunds/{id}/paid", {
          params: { path: { id: refund.refund_id } },
          body: { paid_on: day, reference: reference.trim() },
        }),
      ),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["refunds"] });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t("refunds.paid")}
      okButtonProps={{ disabled: !reference.trim() || !day, loading: paid.isPending }}
      onOk={() => paid.mutate()}
      onCancel={onClose}
    >
      <div className="stack tight">
        <p>{t("refunds.paid.note", { number: refund.refund_number })}</p>
        <Input aria-label={t("paidOn")} type="date" value={day} onChange={(event) => setDay(event.target.value)} />
        <Input
          aria-label={t("reference")}
          placeholder={t("reference")}
          maxLength={100}
          value={reference}
          onChange={(event) => setReference(event.target.value)}
        />
        {paid.isError && <ProblemNote error={paid.error} />}
      </div>
    </Modal>
  );
}
