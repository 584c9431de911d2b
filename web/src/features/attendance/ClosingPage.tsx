import { App, Button, Input, Modal, Table } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import { Facts, PageHead, Panel, StatusTag } from "../../shared/bits";
import { instant, monthPlus, today } from "../../shared/dates";
import { FindingList } from "../../shared/FindingList";
import { MonthPicker } from "../../shared/month";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import type { Anomaly, Closing } from "./api";
import { AttendanceTabs, useMonth } from "./Tabs";
import { hours } from "./time";

export function ClosingPage() {
  const { t } = useTranslation("attendance");
  // A month is closed when it is over: the page opens on the last one that is.
  const [month, setMonth] = useMonth(monthPlus(today().slice(0, 7), -1));
  const query = useQuery({
    queryKey: ["attendance-closing", month],
    queryFn: ({ signal }) => unwrap<Closing>(client.GET("/api/v1/attendance/closing", { params: { query: { month } }, signal })),
  });
  return (
    <div className="stack">
      <PageHead title={t("page.closing")} lead={t("closing.lead")} />
      <AttendanceTabs />
      <MonthPicker month={month} onChange={setMonth} />
      <QueryView query={query}>{(closing) => <Loaded key={closing.month} closing={closing} />}</QueryView>
    </div>
  );
}

function Loaded({ closing }: { closing: Closing }) {
  const { t } = useTranslation("attendance");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [reasons, setReasons] = useState<Record<string, string>>({});
  const [reopening, setReopening] = useState(false);
  const [why, setWhy] = useState("");
  const params = { query: { month: closing.month } };
  const took = (text: string) => (next: Closing) => {
    message.success(text);
    queries.setQueryData(["attendance-closing", closing.month], next);
    for (const key of ["attendance", "attendance-employee"]) void queries.invalidateQueries({ queryKey: [key] });
    setReopening(false);
  };
  const close = useMutation({
    mutationFn: () => unwrap<Closing>(client.POST("/api/v1/attendance/closing", { params, body: { reasons: reasons as never } })),
    onSuccess: took(t("close.done")),
  });
  const reopen = useMutation({
    mutationFn: () => unwrap<Closing>(client.POST("/api/v1/attendance/closing/reopen", { params, body: { reason: why.trim() } })),
    onSuccess: took(t("reopen.done")),
  });
  const may = (name: string) => closing.allowed_actions.includes(name);
  const missing = closing.anomalies.filter((one) => !(reasons[one.kind] ?? "").trim());
  const sum = closing.totals;
  return (
    <>
      <Panel
        title={t("closing.state")}
        extra={<StatusTag tone={closing.state === "closed" ? "success" : "default"}>{t(`closing.${closing.state}`)}</StatusTag>}
      >
        <Facts
          items={[
            [t("closing.people"), closing.people],
            [t("sum.scheduled"), t("hours", { n: hours(sum.scheduled_minutes) })],
            [t("day.worked"), t("hours", { n: hours(sum.worked_minutes) })],
            [t("day.late"), t("minutes", { n: sum.late_minutes })],
            [t("flag.absent"), t("hours", { n: hours(sum.absent_minutes) })],
            [t("flag.leave"), t("hours", { n: hours(sum.unpaid_leave_minutes + sum.sick_leave_minutes + sum.paid_leave_minutes) })],
            [
              t("flag.overtime"),
              t("overtime.parts", {
                workday: hours(sum.overtime_workday_minutes),
                rest: hours(sum.overtime_restday_minutes),
                holiday: hours(sum.overtime_holiday_minutes),
              }),
            ],
          ]}
        />
      </Panel>
      {closing.state === "not_used" && (
        <EmptyState title={t("closing.notUsed")} action={<Link to="/attendance/settings">{t("page.settings")}</Link>} />
      )}
      <Panel title={t("anomalies")} extra={<span className="soft small">{t("anomalies.note")}</span>}>
        {closing.anomalies.length === 0 ? (
          <EmptyState title={t("anomalies.none")} />
        ) : (
          <div className="stack">
            {closing.anomalies.map((one) => (
              <AnomalyBox
                key={one.kind}
                anomaly={one}
                month={closing.month}
                editable={may("close")}
                reason={reasons[one.kind] ?? one.reason ?? ""}
                onReason={(text) => setReasons({ ...reasons, [one.kind]: text })}
              />
            ))}
          </div>
        )}
      </Panel>
      {close.isError && <ProblemNote error={close.error} />}
      <div className="row">
        {may("close") && (
          <Button type="primary" size="large" disabled={missing.length > 0} loading={close.isPending} onClick={() => close.mutate()}>
            {t("close")}
          </Button>
        )}
        {may("close") && missing.length > 0 && <span className="soft">{t("close.missing", { n: missing.length })}</span>}
        {may("reopen") && (
          <Button danger onClick={() => setReopening(true)}>
            {t("reopen")}
          </Button>
        )}
        {closing.state === "open" && !closing.over && <span className="soft">{t("close.notOver")}</span>}
      </div>
      <Panel title={t("history")}>
        {closing.history.length === 0 ? (
          <span className="soft">{t("history.none")}</span>
        ) : (
          <ul className="plain stack tight">
            {closing.history.map((step, index) => (
              <li key={index}>
                <strong>{t(`history.${step.act}`)}</strong> {step.made_name} <span className="num soft">{instant(step.made_at)}</span>
                {Object.entries(step.reasons as Record<string, string>).map(([kind, reason]) => (
                  <div key={kind} className="soft small">
                    {kind === "reopen" ? "" : `${t(`anomaly.${kind}`)}：`}
                    {reason}
                  </div>
                ))}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Modal
        open={reopening}
        title={t("reopen")}
        okText={t("reopen")}
        okButtonProps={{ danger: true, disabled: !why.trim(), loading: reopen.isPending }}
        onOk={() => reopen.mutate()}
        onCancel={() => setReopening(false)}
      >
        <p>{t("reopen.body")}</p>
        <Input.TextArea
          rows={3}
          maxLength={200}
          value={why}
          aria-label={t("reopen.reason")}
          placeholder={t("reopen.reason")}
          onChange={(event) => setWhy(event.target.value)}
        />
        {reopen.isError && <ProblemNote error={reopen.error} />}
      </Modal>
    </>
  );
}

interface BoxProps {
  anomaly: Anomaly;
  month: string;
  editable: boolean;
  reason: string;
  onReason: (text: string) => void;
}

type Item = Anomaly["items"][number];

function AnomalyBox({ anomaly, month, editable, reason, onReason }: BoxProps) {
  const { t } = useTranslation("attendance");
  return (
    <div className="stack tight">
      <FindingList findings={[anomaly.finding]} />
      <Table
        size="small"
        pagination={anomaly.items.length > 5 ? { pageSize: 5, size: "small" } : false}
        dataSource={anomaly.items}
        rowKey={(item) => `${item.employee_id}${item.date ?? ""}`}
        columns={[
          {
            key: "who",
            title: t("employee"),
            render: (_, item) => <Link to={`/attendance?month=${month}&query=${item.number}`}>{`${item.name}（${item.number}）`}</Link>,
          },
          { key: "department", title: t("department"), render: (_, item) => item.department || "—" },
          { key: "date", title: t("date"), render: (_, item) => <span className="num">{item.date ?? t("month.whole")}</span> },
          ...(anomaly.items.some((item) => item.minutes)
            ? [{ key: "minutes", title: t("flag.overtime"), render: (_: unknown, item: Item) => t("hours", { n: hours(item.minutes ?? 0) }) }]
            : []),
        ]}
      />
      {anomaly.kind === "pending_request" && <Link to="/attendance/requests?state=submitted">{t("page.requests")}</Link>}
      {editable ? (
        <Input
          maxLength={200}
          value={reason}
          placeholder={t("anomaly.reason")}
          aria-label={`${t(`anomaly.${anomaly.kind}`)} ${t("anomaly.reason")}`}
          onChange={(event) => onReason(event.target.value)}
        />
      ) : (
        reason && (
          <div className="small">
            {t("anomaly.reason")}：{reason}
          </div>
        )
      )}
    </div>
  );
}
