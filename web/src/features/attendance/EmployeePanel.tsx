import { App, Button, Input, Popconfirm, Select, Space, Tag } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { Facts, Panel } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import type { Day, EmployeeMonth } from "./api";
import { sign, useCellWords } from "./Cells";
import { days, hours, minuteOf } from "./time";

/** One employee's month: the sums, each day with its punches, and the correction of a day. */
export function EmployeePanel({ employeeId, month, date }: { employeeId: string; month: string; date?: string }) {
  const { t } = useTranslation("attendance");
  const [chosen, setChosen] = useState(date);
  const query = useQuery({
    queryKey: ["attendance-employee", employeeId, month],
    queryFn: ({ signal }) =>
      unwrap<EmployeeMonth>(client.GET("/api/v1/attendance/employees/{id}", { params: { path: { id: employeeId }, query: { month } }, signal })),
  });
  return (
    <QueryView query={query}>
      {(view) => {
        const day = view.days.find((one) => one.date === chosen);
        const sum = view.summary;
        return (
          <div className="stack">
            <Facts
              items={[
                [t("employee"), `${view.name}（${view.number}）`],
                [t("department"), view.department || "—"],
                [t("group"), view.group ?? t("group.none")],
                [t("sum.days"), t("daysOf", { n: days(sum.worked_days), of: days(sum.scheduled_days) })],
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
            <Select
              value={chosen}
              placeholder={t("day.choose")}
              aria-label={t("day.choose")}
              onChange={setChosen}
              options={view.days.map((one) => ({ value: one.date, label: `${one.date} ${sign(one.cell.state)} ${one.asked}` }))}
            />
            {day ? <DayDetail view={view} day={day} /> : <EmptyState title={t("day.choose")} />}
          </div>
        );
      }}
    </QueryView>
  );
}

function DayDetail({ view, day }: { view: EmployeeMonth; day: Day }) {
  const { t } = useTranslation("attendance");
  const words = useCellWords();
  const corrections = view.corrections.filter((one) => one.day === day.date);
  const voided = view.punches.filter((one) => one.day === day.date && one.voided);
  return (
    <Panel title={`${day.date} ${day.name ?? t(`day.${day.kind}`)}`}>
      <div className="stack">
        <Facts
          items={[
            [t("day.asked"), day.asked],
            [t("day.state"), words(day.cell)],
            [t("day.worked"), t("hours", { n: hours(day.worked) })],
            [t("day.late"), t("minutes", { n: day.late + day.early })],
            [t("flag.absent"), t("hours", { n: hours(day.absent) })],
            [t("flag.leave"), t("hours", { n: hours(day.leave) })],
            [t("flag.overtime"), t("hours", { n: hours(day.overtime) })],
          ]}
        />
        <div className="row">
          {day.flags.map((flag) => (
            <Tag key={flag}>{t(`flag.${flag}`)}</Tag>
          ))}
        </div>
        <div>
          <strong>{t("punches")}</strong>
          <div className="row">
            {day.punches.length === 0 && <span className="soft">{t("punches.none")}</span>}
            {day.punches.map((clock) => (
              <Tag key={clock} className="num">
                {clock}
              </Tag>
            ))}
            {voided.map((one) => (
              <Tag key={`v${one.clock}`} className="num">
                <s>{one.clock}</s> {t("voided")}
              </Tag>
            ))}
          </div>
        </div>
        {view.allowed_actions.includes("correct") && <Correct view={view} day={day} />}
        {corrections.length > 0 && (
          <ul className="plain stack tight">
            {corrections.map((one, index) => (
              <li key={index} className="small">
                {t(`act.${one.act}`)} <span className="num">{one.clock}</span>：{one.reason}
                <span className="soft">
                  {" "}
                  {one.made_name} {instant(one.made_at)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

function Correct({ view, day }: { view: EmployeeMonth; day: Day }) {
  const { t } = useTranslation("attendance");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [clock, setClock] = useState("");
  const [reason, setReason] = useState("");
  const save = useMutation({
    mutationFn: (voids: boolean) =>
      unwrap(
        client.POST("/api/v1/attendance/corrections", {
          body: { employee_id: view.employee_id, day: day.date, clock: clock.trim(), void: voids, reason: reason.trim() },
        }),
      ),
    onSuccess: () => {
      message.success(t("correct.done"));
      setClock("");
      setReason("");
      for (const key of ["attendance-employee", "attendance", "attendance-closing"]) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
  const ready = minuteOf(clock) !== null && reason.trim() !== "";
  return (
    <div className="stack tight">
      <strong>{t("correct")}</strong>
      <Space wrap>
        <Input
          style={{ width: 110 }}
          placeholder="08:30"
          aria-label={t("correct.clock")}
          value={clock}
          status={clock && minuteOf(clock) === null ? "error" : undefined}
          onChange={(event) => setClock(event.target.value)}
        />
        <Input
          style={{ width: 240 }}
          maxLength={200}
          placeholder={t("correct.reason")}
          aria-label={t("correct.reason")}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <Button type="primary" disabled={!ready} loading={save.isPending} onClick={() => save.mutate(false)}>
          {t("correct.add")}
        </Button>
        <Popconfirm title={t("correct.void.sure")} onConfirm={() => save.mutate(true)} disabled={!ready}>
          <Button danger disabled={!ready}>
            {t("correct.void")}
          </Button>
        </Popconfirm>
      </Space>
      {save.isError && <ProblemNote error={save.error} />}
    </div>
  );
}
