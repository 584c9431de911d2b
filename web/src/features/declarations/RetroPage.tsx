import { Button, DatePicker, Popconfirm, Progress } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { client, unwrap } from "../../api/client";
import type { AdjustmentView, RetroDetail, RetroLineView, RetroMonth, RetroView } from "../../api/types";
import { Facts, InsuranceName, Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { instant, monthPlus, today } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { FILING_TONES } from "./filing";

const TONES: Record<string, "success" | "processing" | "error" | "default"> = {
  waiting: "default",
  running: "processing",
  done: "success",
  failed: "error",
};

/** 追溯重算: past months by the law in force now. */
export function RetroPage() {
  const { t } = useTranslation("declarations");
  const navigate = useNavigate();
  const now = today().slice(0, 7);
  const [span, setSpan] = useState<[string, string]>([monthPlus(now, -3), monthPlus(now, -1)]);
  const query = useQuery({
    queryKey: ["retro"],
    queryFn: ({ signal }) => unwrap<RetroView[]>(client.GET("/api/v1/recalculations", { signal })),
    refetchInterval: 5_000,
  });
  const start = useMutation({
    mutationFn: () => unwrap<RetroView>(client.POST("/api/v1/recalculations", { body: { from_month: span[0], to_month: span[1] } })),
    onSuccess: (made) => void navigate(`/retro/${made.id}`),
  });
  return (
    <div className="stack">
      <PageHead title={t("retro.title")} lead={t("retro.lead")} />
      <Panel>
        <div className="row" style={{ flexWrap: "wrap" }}>
          <DatePicker.RangePicker
            picker="month"
            allowClear={false}
            aria-label={t("period")}
            value={[dayjs(`${span[0]}-01`), dayjs(`${span[1]}-01`)]}
            onChange={(dates) => dates?.[0] && dates[1] && setSpan([dates[0].format("YYYY-MM"), dates[1].format("YYYY-MM")])}
          />
          <Button type="primary" loading={start.isPending} onClick={() => start.mutate()}>
            {t("retro.start")}
          </Button>
        </div>
        {start.isError && <ProblemNote error={start.error} />}
      </Panel>
      <DataTable<RetroView>
        id="retro"
        label={t("retro.title")}
        rows={query.data}
        rowKey={(one) => one.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        empty={<EmptyState title={t("retro.none")} />}
        columns={[
          {
            key: "months",
            title: t("period"),
            primary: true,
            render: (one) => <Link to={`/retro/${one.id}`}>{`${one.from_month} — ${one.to_month}`}</Link>,
          },
          { key: "state", title: t("state"), render: (one) => <StatusTag tone={TONES[one.state] ?? "default"}>{t(`retro.${one.state}`)}</StatusTag> },
          { key: "people", title: t("peopleCount"), align: "right", render: (one) => one.people },
          { key: "back", title: t("back"), align: "right", render: (one) => <Money fen={one.back_fen} /> },
          { key: "refund", title: t("refund"), align: "right", render: (one) => <Money fen={one.refund_fen} /> },
          { key: "at", title: t("at"), render: (one) => instant(one.ran_at) },
        ]}
      />
    </div>
  );
}

/** One recalculation: who is concerned, by how much, and the applications made of it. */
export function RetroDetailPage() {
  const { id = "" } = useParams();
  const query = useQuery({
    queryKey: ["retro", id],
    queryFn: ({ signal }) =>
      unwrap<RetroDetail>(client.GET("/api/v1/recalculations/{id}", { params: { path: { id }, query: { limit: 500 } }, signal })),
    refetchInterval: ({ state }) => (["done", "failed", "cancelled"].includes(state.data?.retro.state ?? "") ? 15_000 : 1_000),
  });
  return <QueryView query={query}>{(detail) => <Detail detail={detail} />}</QueryView>;
}

function Detail({ detail }: { detail: RetroDetail }) {
  const { t } = useTranslation("declarations");
  const { retro } = detail;
  return (
    <div className="stack">
      <PageHead
        title={t("retro.of", { from: retro.from_month, to: retro.to_month })}
        back={{ to: "/retro", label: t("retro.title") }}
        actions={<RetroActs retro={retro} made={detail.adjustments.length > 0} />}
      />
      <Panel>
        {["waiting", "running"].includes(retro.state) && (
          <Progress percent={retro.total ? Math.floor((retro.done / retro.total) * 100) : 0} status="active" aria-label={t("retro.progress")} />
        )}
        <Facts
          items={[
            [t("state"), <StatusTag tone={TONES[retro.state] ?? "default"}>{t(`retro.${retro.state}`)}</StatusTag>],
            [t("peopleCount"), retro.people],
            [t("retro.lines"), retro.lines],
            [t("back"), <Money fen={retro.back_fen} />],
            [t("refund"), <Money fen={retro.refund_fen} />],
            [t("law"), <span className="mono">{retro.law_version}</span>],
          ]}
        />
        {retro.failure && <div role="alert">{retro.failure}</div>}
      </Panel>
      {detail.adjustments.length > 0 && (
        <DataTable<AdjustmentView>
          id="adjustments"
          label={t("adjustments")}
          rows={detail.adjustments}
          rowKey={(one) => one.id}
          columns={[
            {
              key: "region",
              title: t("region"),
              primary: true,
              render: (one) => `${one.region_name} ${one.parts > 1 ? `${one.part}/${one.parts}` : ""}`,
            },
            {
              key: "state",
              title: t("state"),
              render: (one) => <StatusTag tone={FILING_TONES[one.state] ?? "default"}>{t(`filing.${one.state}`)}</StatusTag>,
            },
            { key: "lines", title: t("retro.lines"), align: "right", render: (one) => one.lines },
            { key: "refused", title: t("refusedCount"), align: "right", render: (one) => one.refused },
            { key: "back", title: t("back"), align: "right", render: (one) => <Money fen={one.granted_back_fen ?? one.back_fen} /> },
            { key: "refund", title: t("refund"), align: "right", render: (one) => <Money fen={one.granted_refund_fen ?? one.refund_fen} /> },
            { key: "act", title: t("acts"), render: (one) => <FileAdjustment adjustment={one} /> },
          ]}
        />
      )}
      <DataTable<RetroMonth>
        id="retro-months"
        label={t("retro.months")}
        rows={detail.months}
        rowKey={(one) => `${one.region}-${one.month}`}
        empty={<EmptyState title={t("retro.nothing")} />}
        columns={[
          { key: "month", title: t("period"), primary: true, render: (one) => `${one.region_name} ${one.month}` },
          { key: "people", title: t("peopleCount"), align: "right", render: (one) => one.people },
          { key: "back", title: t("back"), align: "right", render: (one) => <Money fen={one.back_fen} /> },
          { key: "refund", title: t("refund"), align: "right", render: (one) => <Money fen={one.refund_fen} /> },
        ]}
      />
      {detail.lines.length > 0 && (
        <DataTable<RetroLineView>
          id="retro-lines"
          label={t("retro.lines")}
          rows={detail.lines}
          total={retro.lines}
          rowKey={(one) => `${one.month}-${one.employee_id}-${one.insurance}`}
          columns={[
            { key: "name", title: t("name"), primary: true, render: (one) => <Link to={`/employees/${one.employee_id}`}>{one.name}</Link> },
            { key: "month", title: t("period"), render: (one) => one.month },
            { key: "insurance", title: t("insurance"), render: (one) => <InsuranceName insurance={one.insurance} /> },
            { key: "old", title: t("retro.old"), align: "right", render: (one) => <Money fen={one.old_employer_fen + one.old_employee_fen} /> },
            { key: "new", title: t("retro.new"), align: "right", render: (one) => <Money fen={one.new_employer_fen + one.new_employee_fen} /> },
            { key: "difference", title: t("difference"), align: "right", render: (one) => <Money fen={one.difference_fen} /> },
          ]}
        />
      )}
    </div>
  );
}

function RetroActs({ retro, made }: { retro: RetroView; made: boolean }) {
  const { t } = useTranslation("declarations");
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ["retro"] });
  const params = { path: { id: retro.id } };
  const cancel = useMutation({ mutationFn: () => unwrap(client.POST("/api/v1/recalculations/{id}/cancel", { params })), onSettled });
  const propose = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/recalculations/{id}/propose", { params, body: { note: "" } })),
    onSettled,
  });
  return (
    <>
      {retro.allowed_actions.includes("cancel") && (
        <Button loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t("retro.cancel")}
        </Button>
      )}
      {retro.allowed_actions.includes("propose") && !made && (
        <Button type="primary" loading={propose.isPending} onClick={() => propose.mutate()}>
          {t("retro.propose")}
        </Button>
      )}
      {(cancel.isError || propose.isError) && <ProblemNote error={cancel.error ?? propose.error} />}
    </>
  );
}

function FileAdjustment({ adjustment }: { adjustment: AdjustmentView }) {
  const { t } = useTranslation("declarations");
  const queries = useQueryClient();
  const file = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/adjustments/{id}/file", { params: { path: { id: adjustment.id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["retro"] }),
  });
  if (!adjustment.allowed_actions.includes("file")) return <>—</>;
  return (
    <>
      <Popconfirm title={t("file.sure", { n: adjustment.lines })} okText={t("file")} onConfirm={() => file.mutate()}>
        <Button type="primary" size="small" loading={file.isPending}>
          {t("file")}
        </Button>
      </Popconfirm>
      {file.isError && <ProblemNote error={file.error} />}
    </>
  );
}
