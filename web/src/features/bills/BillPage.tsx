import { Button } from "antd";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { client, unwrap } from "../../api/client";
import type { BillDetail, BillDocument, BillLineView, BillPayment, BillReceipt, BillView, InsuranceAmount, PaymentStarted } from "../../api/types";
import { Facts, InsuranceName, Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { ErrorState, ProblemNote } from "../../shared/states";
import { words } from "../../shared/words";
import { BILL_TONES } from "./owed";

/** One bill: what is collected, for whom, what came of the money. */
export function BillPage() {
  const { t } = useTranslation("bills");
  const { id = "" } = useParams();
  const query = useInfiniteQuery({
    queryKey: ["bill", id],
    queryFn: ({ pageParam, signal }) =>
      unwrap<BillDetail>(client.GET("/api/v1/bills/{id}", { params: { path: { id }, query: { cursor: pageParam, limit: 100 } }, signal })),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: 5_000,
  });
  const detail = query.data?.pages[0];
  if (query.isError && !detail) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="stack">
      <PageHead
        title={detail ? t("bill.title", { region: detail.bill.region_name, month: detail.bill.month }) : t("bill")}
        back={{ to: "/bills", label: t("title") }}
        actions={detail && <Pay bill={detail.bill} />}
      />
      {detail && (
        <>
          <Head bill={detail.bill} />
          <Panel title={t("totals")}>
            <Amounts rows={detail.totals} />
          </Panel>
          <Moves detail={detail} />
          <Documents detail={detail} />
        </>
      )}
      <DataTable<BillLineView>
        id="bill-lines"
        label={t("lines")}
        rows={query.data?.pages.flatMap((page) => page.lines)}
        rowKey={(line) => String(line.line)}
        total={detail?.lines_total ?? null}
        onMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        moreLoading={query.isFetchingNextPage}
        columns={[
          {
            key: "name",
            title: t("name"),
            primary: true,
            render: (line) =>
              line.employee_id ? <Link to={`/employees/${line.employee_id}`}>{line.name}</Link> : (line.name ?? t("line", { n: line.line })),
          },
          {
            key: "id",
            title: t("idNumber"),
            optional: true,
            render: (line) => (line.id_masked ? <span className="mono">{line.id_masked}</span> : "—"),
          },
          { key: "month", title: t("period"), render: (line) => line.month },
          {
            key: "amounts",
            title: t("amounts"),
            render: (line) => (
              <span className="row" style={{ gap: 10, flexWrap: "wrap" }}>
                {line.amounts
                  .filter((one) => one.employer_fen !== 0 || one.employee_fen !== 0)
                  .map((one) => (
                    <span key={one.insurance} className="nowrap">
                      <InsuranceName insurance={one.insurance} /> <Money fen={one.employer_fen} /> + <Money fen={one.employee_fen} />
                    </span>
                  ))}
              </span>
            ),
          },
          { key: "total", title: t("total"), align: "right", render: (line) => <Money fen={line.total_fen} /> },
        ]}
      />
    </div>
  );
}

function Pay({ bill }: { bill: BillView }) {
  const { t } = useTranslation("bills");
  const queries = useQueryClient();
  const pay = useMutation({
    mutationFn: () => unwrap<PaymentStarted>(client.POST("/api/v1/bills/{id}/pay", { params: { path: { id: bill.id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["bill", bill.id] }),
  });
  if (!bill.allowed_actions.includes("pay_online")) return null;
  return (
    <>
      {pay.data ? (
        <Button type="primary" href={pay.data.gateway.page_url} target="_blank" rel="noreferrer">
          {t("pay.go")} <Money fen={pay.data.gateway.amount_fen} />
        </Button>
      ) : (
        <Button type="primary" loading={pay.isPending} onClick={() => pay.mutate()}>
          {t("pay")}
        </Button>
      )}
      {pay.isError && <ProblemNote error={pay.error} />}
    </>
  );
}

function Head({ bill }: { bill: BillView }) {
  const { t } = useTranslation("bills");
  return (
    <Panel>
      <Facts
        items={[
          [
            t("state"),
            <StatusTag tone={bill.overdue ? "error" : (BILL_TONES[bill.state] ?? "default")}>
              {bill.overdue ? t("overdue") : t(`state.${bill.state}`)}
            </StatusTag>,
          ],
          [t("number"), <span className="num">{bill.order_number}</span>],
          [t("kind"), t(`kind.${bill.kind}`)],
          [t("people"), bill.people],
          [t("total"), <Money fen={bill.total_fen} />],
          [t("employer"), <Money fen={bill.employer_fen} />],
          [t("employee"), <Money fen={bill.employee_fen} />],
          [t("paid"), <Money fen={bill.paid_fen} />],
          [t("open"), <Money fen={bill.open_fen} />],
          [t("due"), bill.due_on],
          [t("lateFee"), bill.late_fee_due_fen ? <Money fen={bill.late_fee_due_fen} /> : <Money fen={bill.late_fee_fen} />],
          [t("office"), bill.office || t(`source.${bill.source}`)],
        ]}
      />
    </Panel>
  );
}

function Amounts({ rows }: { rows: InsuranceAmount[] }) {
  const { t } = useTranslation("bills");
  return (
    <DataTable<InsuranceAmount>
      id="bill-totals"
      label={t("totals")}
      rows={rows}
      rowKey={(one) => one.insurance}
      columns={[
        { key: "insurance", title: t("insurance"), primary: true, render: (one) => <InsuranceName insurance={one.insurance} /> },
        { key: "employer", title: t("employer"), align: "right", render: (one) => <Money fen={one.employer_fen} /> },
        { key: "employee", title: t("employee"), align: "right", render: (one) => <Money fen={one.employee_fen} /> },
      ]}
    />
  );
}

/** The agency's sealed order and receipts. */
function Documents({ detail }: { detail: BillDetail }) {
  const { t } = useTranslation("bills");
  if (detail.documents.length === 0) return null;
  return (
    <Panel title={t("documents")} flush>
      <DataTable<BillDocument>
        id="bill-documents"
        label={t("documents")}
        rows={detail.documents}
        rowKey={(one) => one.id}
        columns={[
          { key: "title", title: t("document"), primary: true, render: (one) => words(one.title) },
          { key: "office", title: t("office"), render: (one) => one.office },
          { key: "code", title: t("document.code"), render: (one) => <span className="mono">{one.verify_code}</span> },
          { key: "at", title: t("at"), render: (one) => instant(one.signed_at) },
          {
            key: "open",
            title: "",
            render: (one) => (
              <Button size="small" href={`/api/v1/bills/${detail.bill.id}/documents/${one.id}`} target="_blank" rel="noreferrer">
                {t("document.open")}
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  );
}

/** Payments begun here and receipts of the agency; only the latter move the bill. */
function Moves({ detail }: { detail: BillDetail }) {
  const { t } = useTranslation("bills");
  if (detail.receipts.length + detail.payments.length === 0) return null;
  return (
    <Panel title={t("moves")}>
      <div className="stack">
        {detail.receipts.length > 0 && (
          <DataTable<BillReceipt>
            id="receipts"
            label={t("receipts")}
            rows={detail.receipts}
            rowKey={(one) => `${one.kind}-${one.number}`}
            columns={[
              { key: "number", title: t("receipt"), primary: true, render: (one) => one.number },
              { key: "kind", title: t("kind"), render: (one) => t(`receipt.${one.kind}`) },
              { key: "paid", title: t("paid"), align: "right", render: (one) => <Money fen={one.paid_fen} /> },
              { key: "late", title: t("lateFee"), align: "right", render: (one) => <Money fen={one.late_fee_fen} /> },
              { key: "open", title: t("open"), align: "right", render: (one) => <Money fen={one.open_fen} /> },
              { key: "on", title: t("paidOn"), render: (one) => one.paid_on },
            ]}
          />
        )}
        {detail.payments.length > 0 && (
          <DataTable<BillPayment>
            id="payments"
            label={t("payments")}
            rows={detail.payments}
            rowKey={(one) => one.id}
            columns={[
              { key: "way", title: t("way"), primary: true, render: (one) => t(`way.${one.way}`) },
              { key: "amount", title: t("amount"), align: "right", render: (one) => <Money fen={one.amount_fen} /> },
              { key: "by", title: t("by"), render: (one) => one.made_by },
              { key: "at", title: t("at"), render: (one) => instant(one.made_at) },
            ]}
          />
        )}
        <div className="soft small">{t("moves.note")}</div>
      </div>
    </Panel>
  );
}
