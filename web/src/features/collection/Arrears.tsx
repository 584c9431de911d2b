import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import { Money } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { EmptyState } from "../../shared/states";
import type { ArrearsRow } from "./orders";

export function Arrears() {
  const { t } = useTranslation("collection");
  const list = useQuery({
    queryKey: ["arrears"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/collection/arrears", { signal })),
  });
  return (
    <DataTable<ArrearsRow>
      id="arrears"
      label={t("view.arrears")}
      rows={list.data?.items}
      rowKey={(one) => one.order_id}
      error={list.error}
      onRetry={() => void list.refetch()}
      total={list.data?.items.length}
      tools={list.data && <span className="soft">{t("arrears.asOf", { day: list.data.day })}</span>}
      empty={<EmptyState title={t("arrears.none")} />}
      columns={[
        { key: "employer", title: t("employer"), primary: true, render: (one) => one.employer_name },
        {
          key: "number",
          title: t("orderNumber"),
          render: (one) => (
            <Link className="mono" to={`/collection/orders/${one.order_id}`}>
              {one.order_number}
            </Link>
          ),
        },
        { key: "month", title: t("month"), render: (one) => <span className="num">{one.month}</span> },
        { key: "due", title: t("dueOn"), render: (one) => <span className="num">{one.due_on}</span> },
        { key: "days", title: t("daysLate"), align: "right", render: (one) => one.days_late },
        { key: "open", title: t("open"), align: "right", render: (one) => <Money fen={one.open_fen} /> },
        { key: "late", title: t("lateFee"), align: "right", render: (one) => <Money fen={one.late_fee_fen} /> },
        { key: "reminded", title: t("arrears.reminded"), render: (one) => <span className="num">{one.reminded_on ?? "—"}</span> },
      ]}
    />
  );
}
