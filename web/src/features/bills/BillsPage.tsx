import { DownloadOutlined } from "@ant-design/icons";
import { Button, DatePicker } from "antd";
import { useMutation, useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { BillView } from "../../api/types";
import { Money, PageHead, StatusTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { EmptyState, ProblemNote } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { BILL_TONES, owedIn } from "./owed";
import { download } from "./download";

export function BillsPage() {
  const { t } = useTranslation("bills");
  const [filter, setFilter] = useUrlState(["month"] as const);
  const [chosen, setChosen] = useState<string[]>([]);
  const query = useQuery({
    queryKey: ["bills", filter.month],
    queryFn: ({ signal }) => unwrap<BillView[]>(client.GET("/api/v1/bills", { params: { query: { month: filter.month || undefined } }, signal })),
    refetchInterval: 15_000,
  });
  const bank = useMutation({ mutationFn: () => download("/api/v1/bills/bank-file", { orders: chosen }, t("bankFile")) });
  const payable = (bill: BillView) => bill.allowed_actions.includes("pay_bank") && bill.source === "agency";
  return (
    <div className="stack">
      <PageHead title={t("title")} lead={t("lead")} />
      <DataTable<BillView>
        id="bills"
        label={t("title")}
        rows={query.data}
        rowKey={(bill) => bill.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={query.data?.length ?? null}
        empty={<EmptyState title={t("none")} />}
        selection={query.data?.some(payable) ? { keys: chosen, onChange: setChosen, disabled: (bill) => !payable(bill) } : undefined}
        tools={
          <>
            <DatePicker
              picker="month"
              aria-label={t("period")}
              value={filter.month ? dayjs(`${filter.month}-01`) : null}
              onChange={(value) => setFilter({ month: value ? value.format("YYYY-MM") : "" })}
            />
            {chosen.length > 0 && (
              <Button icon={<DownloadOutlined />} loading={bank.isPending} onClick={() => bank.mutate()}>
                {t("bankFileOf", { n: chosen.length })}
              </Button>
            )}
            {query.data && <span className="soft">{t("owedIn", { n: owedIn(query.data) })}</span>}
          </>
        }
        columns={[
          { key: "number", title: t("number"), primary: true, render: (bill) => <Link to={`/bills/${bill.id}`}>{bill.order_number}</Link> },
          { key: "region", title: t("region"), render: (bill) => bill.region_name },
          { key: "month", title: t("period"), render: (bill) => <span className="num">{bill.month}</span> },
          { key: "kind", title: t("kind"), render: (bill) => t(`kind.${bill.kind}`) },
          { key: "people", title: t("people"), align: "right", render: (bill) => bill.people },
          { key: "total", title: t("total"), align: "right", render: (bill) => <Money fen={bill.total_fen} /> },
          { key: "open", title: t("open"), align: "right", render: (bill) => <Money fen={bill.open_fen} /> },
          { key: "due", title: t("due"), render: (bill) => <span className="num">{bill.due_on}</span> },
          {
            key: "state",
            title: t("state"),
            render: (bill) => (
              <StatusTag tone={bill.overdue ? "error" : (BILL_TONES[bill.state] ?? "default")}>
                {bill.overdue ? t("overdue") : t(`state.${bill.state}`)}
              </StatusTag>
            ),
          },
        ]}
      />
      {bank.isError && <ProblemNote error={bank.error} />}
      {bank.isSuccess && <div role="status">{t("bankFile.made")}</div>}
    </div>
  );
}
