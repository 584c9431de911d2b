import { EditOutlined, PlusOutlined, SettingOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import { Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { useMe } from "../../shared/session";
import { EmptyState, ProblemNote } from "../../shared/states";
import { nextMonth, recentMonths, type PayRun } from "./model";
import { RUN_TONES } from "./tones";

/** The runs of the months with their state and totals. */
export function RunsPage() {
  const { t } = useTranslation("payroll");
  const me = useMe();
  const runs = useQuery({
    queryKey: ["payroll", "runs"],
    queryFn: ({ signal }) => unwrap<PayRun[]>(client.GET("/api/v1/payroll/runs", { signal })),
    refetchInterval: ({ state }) => (state.data?.some((run) => run.state === "making") ? 1500 : false),
  });
  const may = me.permissions.includes("payroll_prepare");
  return (
    <div className="stack">
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <Link to="/payroll/inputs">
              <Button icon={<EditOutlined />}>{t("inputs")}</Button>
            </Link>
            <Link to="/payroll/components">
              <Button icon={<SettingOutlined />}>{t("components")}</Button>
            </Link>
          </>
        }
      />
      {may && runs.data && <MakeRun runs={runs.data} />}
      <Panel flush>
        <DataTable<PayRun>
          id="pay-runs"
          label={t("title")}
          rows={runs.data?.filter((run) => run.state !== "discarded")}
          rowKey={(run) => run.id}
          error={runs.error}
          onRetry={() => void runs.refetch()}
          empty={<EmptyState title={t("runs.none")}>{t("runs.none.body")}</EmptyState>}
          columns={[
            {
              key: "month",
              title: t("month"),
              primary: true,
              render: (run) => (
                <Link to={`/payroll/${run.id}${run.allowed_actions.includes("lock") ? "/review" : ""}`}>
                  {run.month} {t(`kind.${run.kind}`)}
                </Link>
              ),
            },
            { key: "state", title: t("state"), render: (run) => <StatusTag tone={RUN_TONES[run.state]}>{t(`state.${run.state}`)}</StatusTag> },
            { key: "people", title: t("people"), align: "right", render: (run) => <span className="num">{run.people}</span> },
            { key: "gross", title: t("gross"), align: "right", render: (run) => <Money fen={run.totals.gross} /> },
            { key: "employer", title: t("employer"), align: "right", render: (run) => <Money fen={run.totals.employer} /> },
            { key: "tax", title: t("tax"), align: "right", render: (run) => <Money fen={run.totals.tax} /> },
            { key: "net", title: t("net"), align: "right", render: (run) => <Money fen={run.totals.net} /> },
            { key: "made", title: t("made"), optional: true, render: (run) => run.made_name },
            { key: "reviewed", title: t("reviewed"), optional: true, render: (run) => run.reviewed_name ?? "—" },
          ]}
        />
      </Panel>
    </div>
  );
}

function MakeRun({ runs }: { runs: PayRun[] }) {
  const { t } = useTranslation("payroll");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const months = recentMonths(new Date());
  const [month, setMonth] = useState(() => nextMonth(runs, new Date()));
  const make = useMutation({
    mutationFn: () => unwrap<PayRun>(client.POST("/api/v1/payroll/runs", { body: { month } })),
    onSuccess: (run) => void navigate(`/payroll/${run.id}`),
    onSettled: () => queries.invalidateQueries({ queryKey: ["payroll"] }),
  });
  return (
    <Panel>
      <div className="stack tight">
        <div className="row">
          <Select
            aria-label={t("month")}
            value={month}
            onChange={setMonth}
            options={months.map((value) => ({ value, label: value }))}
            style={{ width: 130 }}
          />
          <Button type="primary" icon={<PlusOutlined />} loading={make.isPending} onClick={() => make.mutate()}>
            {t("make")}
          </Button>
          <span className="soft small">{t("make.note")}</span>
        </div>
        {make.isError && <ProblemNote error={make.error} />}
      </div>
    </Panel>
  );
}
