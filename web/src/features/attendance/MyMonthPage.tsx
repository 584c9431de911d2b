import { Button, Tag } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import { Facts, PageHead, Panel } from "../../shared/bits";
import { today } from "../../shared/dates";
import { MonthPicker } from "../../shared/month";
import { QueryView } from "../../shared/states";
import type { EmployeeMonth } from "./api";
import { Legend, sign, useCellWords } from "./Cells";
import { useMonth } from "./Tabs";
import { days, hours, leadingBlanks } from "./time";
import "./attendance.css";

/** One's own month as a calendar; a day opens its punches. */
export function MyMonthPage() {
  const { t } = useTranslation("me");
  const [month, setMonth] = useMonth();
  const query = useQuery({
    queryKey: ["my-attendance", month],
    queryFn: ({ signal }) => unwrap<EmployeeMonth>(client.GET("/api/v1/me/attendance", { params: { query: { month } }, signal })),
  });
  return (
    <div className="stack" style={{ maxWidth: 640, margin: "0 auto" }}>
      <PageHead title={t("attendance")} />
      <MonthPicker month={month} onChange={setMonth} />
      <QueryView query={query}>{(view) => <Month key={view.month} view={view} />}</QueryView>
    </div>
  );
}

function Month({ view }: { view: EmployeeMonth }) {
  const { t } = useTranslation("me");
  const words = useCellWords();
  const [chosen, setChosen] = useState(() => view.days.find((day) => day.date === today())?.date);
  const day = view.days.find((one) => one.date === chosen);
  const sum = view.summary;
  return (
    <>
      <Panel>
        <div className="att-month">
          {[1, 2, 3, 4, 5, 6, 0].map((weekday) => (
            <span key={weekday} className="head">
              {t(`weekday.${weekday}`)}
            </span>
          ))}
          {Array.from({ length: leadingBlanks(view.month) }, (_, n) => (
            <span key={`b${n}`} />
          ))}
          {view.days.map((one) => (
            <button
              type="button"
              key={one.date}
              className={`att-day att-${one.cell.state}`}
              aria-pressed={one.date === chosen}
              onClick={() => setChosen(one.date)}
            >
              <span className="visually-hidden">{`${one.date} ${words(one.cell)}`}</span>
              <span aria-hidden="true" style={{ display: "contents" }}>
                <span className="n num">{Number(one.date.slice(8))}</span>
                {one.cell.shift ?? ""} {sign(one.cell.state)}
              </span>
            </button>
          ))}
        </div>
      </Panel>
      <Legend />
      {day && (
        <Panel title={`${day.date} ${day.name ?? ""}`}>
          <div className="stack tight">
            <Facts
              items={[
                [t("day.asked"), day.asked],
                [t("day.state"), words(day.cell)],
                [t("flag.overtime"), t("hours", { n: hours(day.overtime) })],
              ]}
            />
            <div className="row">
              {day.punches.map((clock) => (
                <Tag key={clock} className="num">
                  {clock}
                </Tag>
              ))}
              {day.punches.length === 0 && <span className="soft">{t("clock.none")}</span>}
            </div>
            {(day.cell.state === "missing" || day.cell.state === "absent") && view.state === "open" && (
              <Link to={`/requests?new=punch&day=${day.date}`}>
                <Button type="primary" block>
                  {t("ask.punch")}
                </Button>
              </Link>
            )}
          </div>
        </Panel>
      )}
      <Panel title={t("sum")}>
        <Facts
          items={[
            [t("sum.days"), t("daysOf", { n: days(sum.worked_days), of: days(sum.scheduled_days) })],
            [t("sum.late"), t("minutes", { n: sum.late_minutes })],
            [t("sum.absent"), t("hours", { n: hours(sum.absent_minutes) })],
            [t("sum.leave"), t("hours", { n: hours(sum.unpaid_leave_minutes + sum.sick_leave_minutes + sum.paid_leave_minutes) })],
            [t("sum.overtime"), t("hours", { n: hours(sum.overtime_workday_minutes + sum.overtime_restday_minutes + sum.overtime_holiday_minutes) })],
          ]}
        />
      </Panel>
    </>
  );
}
