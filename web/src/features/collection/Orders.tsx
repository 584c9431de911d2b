import { Button, Checkbox, DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import { Money, StatusTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { FilterSearch } from "../../shared/FilterSearch";
import { usePages } from "../../shared/paging";
import { EmptyState } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { KINDS, STATES, stateTone, type OrderRow } from "./orders";

export function Orders() {
  const { t } = useTranslation("collection");
  const [filter, setFilter] = useUrlState(["state", "kind", "month", "query", "overdue"] as const);
  const list = usePages<OrderRow>(["orders", filter], (cursor, signal) =>
    unwrap(
      client.GET("/api/v1/collection/orders", {
        params: {
          query: {
            state: filter.state || undefined,
            kind: filter.kind || undefined,
            month: /^\d{4}-\d{2}$/.test(filter.month) ? filter.month : undefined,
            query: filter.query || undefined,
            overdue: filter.overdue === "1" || undefined,
            cursor,
          },
        },
        signal,
      }),
    ),
  );
  const filtered = Object.values(filter).some(Boolean);
  return (
    <DataTable<OrderRow>
      id="orders"
      label={t("view.orders")}
      rows={list.rows}
      rowKey={(one) => one.order_id}
      error={list.error}
      onRetry={list.retry}
      onMore={list.onMore}
      moreLoading={list.moreLoading}
      empty={<EmptyState title={t(filtered ? "orders.noneFound" : "orders.none")} />}
      tools={
        <>
          <Select
            aria-label={t("state")}
            value={filter.state}
            onChange={(state) => setFilter({ state })}
            style={{ width: 130 }}
            options={[{ value: "", label: t("state.all") }, ...STATES.map((value) => ({ value: value as string, label: t(`state.${value}`) }))]}
          />
          <Select
            aria-label={t("kind")}
            value={filter.kind}
            onChange={(kind) => setFilter({ kind })}
            style={{ width: 130 }}
            options={[{ value: "", label: t("kind.all") }, ...KINDS.map((value) => ({ value: value as string, label: t(`kind.${value}`) }))]}
          />
          <DatePicker
            picker="month"
            aria-label={t("month")}
            placeholder={t("month")}
            value={filter.month ? dayjs(`${filter.month}-01`) : null}
            onChange={(value) => setFilter({ month: value ? value.format("YYYY-MM") : "" })}
          />
          <FilterSearch value={filter.query} onChange={(query) => setFilter({ query })} label={t("orders.find")} />
          <Checkbox checked={filter.overdue === "1"} onChange={(event) => setFilter({ overdue: event.target.checked ? "1" : "" })}>
            {t("orders.overdue")}
          </Checkbox>
          {filtered && (
            <Button type="link" onClick={() => setFilter({ state: "", kind: "", month: "", query: "", overdue: "" })}>
              {t("clear")}
            </Button>
          )}
        </>
      }
      columns={[
        {
          key: "number",
          title: t("orderNumber"),
          primary: true,
          render: (one) => (
            <Link className="mono" to={`/collection/orders/${one.order_id}`}>
              {one.order_number}
            </Link>
          ),
        },
        { key: "employer", title: t("employer"), render: (one) => one.employer_name },
        { key: "month", title: t("month"), render: (one) => <span className="num">{one.month}</span> },
        { key: "kind", title: t("kind"), render: (one) => t(`kind.${one.kind}`) },
        { key: "people", title: t("people"), align: "right", optional: true, render: (one) => one.people },
        { key: "total", title: t("total"), align: "right", render: (one) => <Money fen={one.total_fen} /> },
        { key: "open", title: t("open"), align: "right", render: (one) => <Money fen={one.open_fen} /> },
        { key: "late", title: t("lateFee"), align: "right", optional: true, render: (one) => <Money fen={one.late_fee_fen} /> },
        { key: "due", title: t("dueOn"), render: (one) => <span className="num">{one.due_on}</span> },
        { key: "paid", title: t("paidOn"), optional: true, render: (one) => <span className="num">{one.paid_on ?? "—"}</span> },
        { key: "state", title: t("state"), render: (one) => <StatusTag tone={stateTone(one.state)}>{t(`state.${one.state}`)}</StatusTag> },
      ]}
    />
  );
}
