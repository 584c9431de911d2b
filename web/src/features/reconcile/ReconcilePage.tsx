import { Button, Input, Modal, Radio, Select, Switch } from "antd";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Difference, ReconcilePage as PageData, ReconcileRow } from "../../api/types";
import { InsuranceName, Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { DataTable, type Column } from "../../shared/DataTable";
import { MonthPicker, useOpeningMonth } from "../../shared/month";
import { regionName, regionOptions } from "../../shared/regions";
import { EmptyState, ErrorState, ProblemNote } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";
import { keyOf, keysOf } from "./keys";

/** 三方对账: policy, bill and payroll beside each other. */
export function ReconcilePage() {
  const { t } = useTranslation("reconcile");
  const [filter, setFilter] = useUrlState(["month", "region", "all"] as const);
  const [chosen, setChosen] = useState<string[]>([]);
  const columns = useColumns();
  const month = useOpeningMonth(filter.month, "bills");
  const only = filter.all !== "1";
  const query = useInfiniteQuery({
    enabled: month !== undefined,
    queryKey: ["reconcile", month, filter.region, only],
    queryFn: ({ pageParam, signal }) =>
      unwrap<PageData>(
        client.GET("/api/v1/reconciliations/{month}", {
          params: {
            path: { month: month ?? "" },
            query: { only_differences: only, region: filter.region || undefined, cursor: pageParam, limit: 100 },
          },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const first = query.data?.pages[0];
  const rows = query.data?.pages.flatMap((page) => page.rows);
  const decides = first?.allowed_actions.includes("decide") ?? false;
  if (query.isError && !first) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="stack">
      <PageHead title={t("title")} lead={t("lead")} />
      {first && month && <Summary page={first} decides={decides} month={month} />}
      <DataTable<ReconcileRow>
        id="reconcile"
        label={t("title")}
        columns={columns}
        rows={rows}
        rowKey={keyOf}
        total={first?.rows_total ?? null}
        onMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        moreLoading={query.isFetchingNextPage}
        empty={<EmptyState title={t(only ? "agree" : "none")} />}
        selection={decides ? { keys: chosen, onChange: setChosen, disabled: (row) => !row.difference } : undefined}
        tools={
          <>
            {month && <MonthPicker month={month} label={t("period")} onChange={(chosen) => setFilter({ month: chosen })} />}
            <Select
              aria-label={t("region")}
              value={filter.region}
              style={{ width: 120 }}
              options={[{ value: "", label: t("region.all") }, ...regionOptions()]}
              onChange={(region) => setFilter({ region })}
            />
            <label className="row" style={{ gap: 6 }}>
              <Switch checked={only} onChange={(on) => setFilter({ all: on ? "" : "1" })} /> {t("onlyDifferences")}
            </label>
            {month && chosen.length > 0 && <DecideButton month={month} items={keysOf(chosen)} onDone={() => setChosen([])} />}
          </>
        }
      />
    </div>
  );
}

function Summary({ page, decides, month }: { page: PageData; decides: boolean; month: string }) {
  const { t } = useTranslation("reconcile");
  const { summary } = page;
  const figures: [string, number][] = [
    ["policy", summary.policy_fen],
    ["billed", summary.billed_fen],
    ["deducted", summary.deducted_fen],
    ["paid", summary.paid_fen],
  ];
  return (
    <Panel>
      <div className="stack tight">
        <div className="row" style={{ flexWrap: "wrap", gap: 32 }}>
          {figures.map(([key, fen]) => (
            <div key={key}>
              <div className="soft small">{t(key)}</div>
              <strong>
                <Money fen={fen} />
              </strong>
            </div>
          ))}
        </div>
        <div role="status" className="soft">
          {t("summary", { people: summary.people, undecided: summary.undecided, unexplained: summary.unexplained })}
        </div>
        {summary.differences.map((one) => (
          <div key={one.key} className="row" style={{ flexWrap: "wrap" }}>
            <StatusTag tone="warning">{t("reason.unpaid")}</StatusTag>
            <Link to={`/bills/${one.key}`}>{words(one.explanation)}</Link>
            {decides && !one.decision && <DecideButton month={month} items={[{ key: one.key, insurance: one.insurance }]} onDone={() => undefined} />}
            {one.decision && <Decided difference={one} />}
          </div>
        ))}
      </div>
    </Panel>
  );
}

function Decided({ difference }: { difference: Difference }) {
  const { t } = useTranslation("reconcile");
  return (
    <span title={`${difference.decided_by ?? ""} ${difference.note ?? ""}`}>
      <StatusTag tone="success">{t(`decision.${difference.decision}`)}</StatusTag> <span className="soft small">{difference.note}</span>
    </span>
  );
}

function useColumns(): Column<ReconcileRow>[] {
  const { t } = useTranslation("reconcile");
  return [
    {
      key: "person",
      title: t("person"),
      primary: true,
      width: 150,
      render: (row) => (row.employee_id ? <Link to={`/employees/${row.employee_id}`}>{row.person}</Link> : row.person),
    },
    { key: "region", title: t("region"), optional: true, render: (row) => regionName(row.region) },
    { key: "insurance", title: t("insurance"), render: (row) => <InsuranceName insurance={row.insurance} /> },
    { key: "policy", title: t("policy"), align: "right", render: (row) => <Money fen={row.policy_fen} /> },
    { key: "billed", title: t("billed"), align: "right", render: (row) => <Money fen={row.billed_fen} /> },
    { key: "deducted", title: t("deducted"), align: "right", render: (row) => <Money fen={row.deducted_fen} /> },
    { key: "difference", title: t("difference"), align: "right", render: (row) => (row.difference ? <Money fen={row.difference.fen} /> : "—") },
    {
      key: "reason",
      title: t("reason"),
      render: (row) =>
        row.difference ? (
          <div style={{ whiteSpace: "normal", maxWidth: 380 }}>
            <StatusTag tone={row.difference.reason === "unexplained" ? "error" : "warning"}>{t(`reason.${row.difference.reason}`)}</StatusTag>
            <div className="soft small">{words(row.difference.explanation)}</div>
          </div>
        ) : (
          "—"
        ),
    },
    { key: "decision", title: t("decision"), render: (row) => (row.difference?.decision ? <Decided difference={row.difference} /> : "—") },
  ];
}

/** Accepts or corrects the chosen differences; why is always said. */
function DecideButton({ month, items, onDone }: { month: string; items: { key: string; insurance: string }[]; onDone: () => void }) {
  const { t } = useTranslation("reconcile");
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [decision, setDecision] = useState("accepted");
  const [note, setNote] = useState("");
  const decide = useMutation({
    mutationFn: () =>
      unwrap(client.POST("/api/v1/reconciliations/{month}/decisions", { params: { path: { month } }, body: { items, decision, note } })),
    onSuccess: async () => {
      setOpen(false);
      setNote("");
      onDone();
      await queries.invalidateQueries({ queryKey: ["reconcile"] });
    },
  });
  return (
    <>
      <Button type="primary" size="small" onClick={() => setOpen(true)}>
        {t("decide", { n: items.length })}
      </Button>
      <Modal
        open={open}
        title={t("decide", { n: items.length })}
        onCancel={() => setOpen(false)}
        onOk={() => decide.mutate()}
        okButtonProps={{ loading: decide.isPending, disabled: note.trim() === "" }}
        okText={t("confirm")}
        cancelText={t("cancel")}
      >
        <div className="stack">
          <Radio.Group
            value={decision}
            onChange={(event) => setDecision(String(event.target.value))}
            options={["accepted", "corrected", "reopened"].map((value) => ({ value, label: t(`decision.${value}`) }))}
          />
          <Input.TextArea
            aria-label={t("note")}
            placeholder={t("note")}
            maxLength={300}
            rows={3}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          {decide.isError && <ProblemNote error={decide.error} />}
        </div>
      </Modal>
    </>
  );
}
