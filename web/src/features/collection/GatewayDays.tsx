import { Button, Input } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { Money, StatusTag } from "../../shared/bits";
import { instant, today } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { EmptyState, ProblemNote } from "../../shared/states";
import { words } from "../../shared/words";
import type { DayComparison } from "./orders";

export function GatewayDays() {
  const { t } = useTranslation("collection");
  const [day, setDay] = useState(today());
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: ["gateway-days"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/collection/gateway-days", { signal })),
  });
  const compare = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/collection/gateway-days", { body: { day } })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["gateway-days"] }),
  });
  return (
    <div className="stack">
      {compare.isError && <ProblemNote error={compare.error} />}
      <DataTable<DayComparison>
        id="gateway-days"
        label={t("view.gateway")}
        rows={list.data?.items}
        rowKey={(one) => one.day}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={<EmptyState title={t("gateway.none")}>{t("gateway.note")}</EmptyState>}
        tools={
          list.data?.allowed_actions.includes("compare") && (
            <>
              <Input aria-label={t("gateway.day")} type="date" value={day} onChange={(event) => setDay(event.target.value)} style={{ width: 160 }} />
              <Button type="primary" disabled={!day} loading={compare.isPending} onClick={() => compare.mutate()}>
                {t("gateway.compare")}
              </Button>
            </>
          )
        }
        columns={[
          { key: "day", title: t("gateway.day"), primary: true, render: (one) => <span className="num">{one.day}</span> },
          { key: "rows", title: t("gateway.rows"), align: "right", render: (one) => one.rows },
          { key: "gateway", title: t("gateway.theirs"), align: "right", render: (one) => <Money fen={one.gateway_fen} /> },
          { key: "agency", title: t("gateway.ours"), align: "right", render: (one) => <Money fen={one.agency_fen} /> },
          { key: "posted", title: t("gateway.posted"), align: "right", render: (one) => one.posted },
          {
            key: "differences",
            title: t("gateway.differences"),
            render: (one) =>
              one.differences.length === 0 ? (
                <StatusTag tone="success">{t("gateway.agree")}</StatusTag>
              ) : (
                <ul className="plain stack tight">
                  {one.differences.map((difference, index) => (
                    <li key={index}>
                      <span className="mono">{difference.order_number}</span> {words(difference.what)}
                    </li>
                  ))}
                </ul>
              ),
          },
          { key: "at", title: t("gateway.at"), optional: true, render: (one) => <span className="num">{instant(one.compared_at)}</span> },
        ]}
      />
    </div>
  );
}
