import { Button, Input, Modal, Segmented } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import { Money } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { EmptyState, ProblemNote } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { RefundDialog } from "./RefundDialog";
import type { SuspenseRow } from "./orders";

const STATES = ["open", "held", "refunding", "used", "refunded"] as const;

export function Suspense() {
  const { t } = useTranslation("collection");
  const [{ in: state }, setState] = useUrlState(["in"] as const);
  const [act, setAct] = useState<{ kind: "match" | "refund"; row: SuspenseRow }>();
  const shown = state || "open";
  const list = useQuery({
    queryKey: ["suspense", shown],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/collection/suspense", { params: { query: { state: shown } }, signal })),
  });
  return (
    <>
      <DataTable<SuspenseRow>
        id="suspense"
        label={t("view.suspense")}
        rows={list.data?.items}
        rowKey={(one) => one.suspense_id}
        error={list.error}
        onRetry={() => void list.refetch()}
        total={list.data?.items.length}
        empty={<EmptyState title={t(`suspense.none.${shown}`)} />}
        tools={
          <Segmented
            aria-label={t("state")}
            value={shown}
            onChange={(value) => setState({ in: value === "open" ? "" : value })}
            options={STATES.map((value) => ({ value: value as string, label: t(`suspense.${value}`) }))}
          />
        }
        columns={[
          { key: "payer", title: t("payer"), primary: true, render: (one) => one.payer_name || "—" },
          { key: "reason", title: t("suspense.reason"), render: (one) => t(`suspense.because.${one.reason}`) },
          {
            key: "number",
            title: t("orderNumber"),
            render: (one) =>
              one.order_id ? (
                <Link className="mono" to={`/collection/orders/${one.order_id}`}>
                  {one.order_number}
                </Link>
              ) : (
                <span className="mono">{one.order_number || "—"}</span>
              ),
          },
          { key: "on", title: t("paidOn"), render: (one) => <span className="num">{one.paid_on}</span> },
          { key: "amount", title: t("amount"), align: "right", render: (one) => <Money fen={one.amount_fen} /> },
          { key: "left", title: t("suspense.left"), align: "right", render: (one) => <Money fen={one.left_fen} /> },
          {
            key: "acts",
            title: t("acts"),
            render: (one) => (
              <span className="row">
                {one.allowed_actions.includes("match") && (
                  <Button size="small" type="primary" onClick={() => setAct({ kind: "match", row: one })}>
                    {t("suspense.match")}
                  </Button>
                )}
                {one.allowed_actions.includes("refund") && (
                  <Button size="small" onClick={() => setAct({ kind: "refund", row: one })}>
                    {t("refund.propose")}
                  </Button>
                )}
                {one.case_id && <Link to={`/cases/${one.case_id}`}>{t("case")}</Link>}
                {one.allowed_actions.length === 0 && !one.case_id && "—"}
              </span>
            ),
          },
        ]}
      />
      {act?.kind === "match" && <MatchDialog row={act.row} onClose={() => setAct(undefined)} />}
      {act?.kind === "refund" && (
        <RefundDialog
          source="suspense"
          sourceId={act.row.suspense_id}
          amountFen={act.row.left_fen}
          payee={act.row.payer_name}
          onClose={() => setAct(undefined)}
        />
      )}
    </>
  );
}

function MatchDialog({ row, onClose }: { row: SuspenseRow; onClose: () => void }) {
  const { t } = useTranslation("collection");
  const [number, setNumber] = useState("");
  const queries = useQueryClient();
  const match = useMutation({
    mutationFn: () =>
      unwrap(
        client.POST("/api/v1/collection/suspense/{id}/match", {
          params: { path: { id: row.suspense_id } },
          body: { order_number: number.trim() },
        }),
      ),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["suspense"] });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t("suspense.match")}
      okText={t("suspense.match")}
      okButtonProps={{ disabled: !number.trim(), loading: match.isPending }}
      onOk={() => match.mutate()}
      onCancel={onClose}
    >
      <div className="stack tight">
        <p>{t("suspense.match.note")}</p>
        <Input
          autoFocus
          aria-label={t("orderNumber")}
          placeholder={t("orderNumber")}
          className="mono"
          maxLength={40}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
          onPressEnter={() => number.trim() && match.mutate()}
        />
        {match.isError && <ProblemNote error={match.error} />}
      </div>
    </Modal>
  );
}
