import { Button, Checkbox, Drawer, Input, Select } from "antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { PageHead, StatusTag } from "../../shared/bits";
import { useDebounced } from "../../shared/hooks";
import { MonthPicker } from "../../shared/month";
import { EmptyState, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import type { Grid, GridRow } from "./api";
import { Legend, sign, useCellWords } from "./Cells";
import { EmployeePanel } from "./EmployeePanel";
import { AttendanceTabs, useMonth } from "./Tabs";
import { hours } from "./time";
import "./attendance.css";

export function GridPage() {
  const { t } = useTranslation("attendance");
  const [month, setMonth] = useMonth();
  const [filter, change] = useUrlState(["query", "department", "anomalies"] as const);
  const text = useDebounced(filter.query, 300);
  const [open, setOpen] = useState<{ id: string; date?: string }>();
  const query = useInfiniteQuery({
    queryKey: ["attendance", month, text, filter.department, filter.anomalies],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap<Grid>(
        client.GET("/api/v1/attendance", {
          params: {
            query: {
              month,
              query: text || undefined,
              department: filter.department || undefined,
              anomalies: filter.anomalies === "1",
              cursor: pageParam,
              limit: 50,
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const first = query.data?.pages[0];
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="stack">
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={first && <StatusTag tone={first.state === "closed" ? "success" : "default"}>{t(`closing.${first.state}`)}</StatusTag>}
      />
      <AttendanceTabs />
      <div className="row">
        <MonthPicker month={month} onChange={setMonth} />
        <Input.Search
          allowClear
          style={{ width: 200 }}
          placeholder={t("search")}
          aria-label={t("search")}
          value={filter.query}
          onChange={(event) => change({ query: event.target.value })}
        />
        <Select
          allowClear
          showSearch
          style={{ width: 180 }}
          placeholder={t("department.all")}
          aria-label={t("department")}
          value={filter.department || undefined}
          options={(first?.departments ?? []).map((name) => ({ value: name, label: name }))}
          onChange={(name?: string) => change({ department: name ?? "" })}
        />
        <Checkbox checked={filter.anomalies === "1"} onChange={(event) => change({ anomalies: event.target.checked ? "1" : "" })}>
          {t("anomalies.only")}
        </Checkbox>
      </div>
      <Legend />
      <QueryView query={query}>
        {() =>
          first && rows.length > 0 ? (
            <>
              <MonthGrid grid={first} rows={rows} onOpen={(id, date) => setOpen({ id, date })} />
              <div className="row soft">
                <span role="status">{t("people", { n: first.total })}</span>
                {query.hasNextPage && (
                  <Button onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
                    {t("more")}
                  </Button>
                )}
              </div>
            </>
          ) : (
            <EmptyState title={t("grid.none")} />
          )
        }
      </QueryView>
      <Drawer open={open !== undefined} size="large" onClose={() => setOpen(undefined)} title={t("detail")} destroyOnHidden>
        {open && <EmployeePanel employeeId={open.id} month={month} date={open.date} />}
      </Drawer>
    </div>
  );
}

function MonthGrid({ grid, rows, onOpen }: { grid: Grid; rows: GridRow[]; onOpen: (id: string, date?: string) => void }) {
  const { t } = useTranslation("attendance");
  const words = useCellWords();
  return (
    <div className="panel att-grid" tabIndex={0} role="region" aria-label={t("title")}>
      <table>
        <thead>
          <tr>
            <th className="who" scope="col">
              {t("employee")}
            </th>
            {grid.days.map((day) => (
              <th
                key={day.date}
                scope="col"
                title={day.name ?? t(`day.${day.kind}`)}
                className={day.kind === "holiday" ? "att-holiday" : day.kind === "rest_day" ? "att-off" : undefined}
              >
                {Number(day.date.slice(8))}
                <br />
                <span className="soft small">{t(`weekday.${new Date(`${day.date}T00:00:00Z`).getUTCDay()}`)}</span>
              </th>
            ))}
            <th scope="col" className="sum">
              {t("sum.worked")}
            </th>
            <th scope="col" className="sum">
              {t("sum.late")}
            </th>
            <th scope="col" className="sum">
              {t("sum.absent")}
            </th>
            <th scope="col" className="sum">
              {t("sum.leave")}
            </th>
            <th scope="col" className="sum">
              {t("sum.overtime")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.employee_id}>
              <th className="who" scope="row">
                <Button type="link" size="small" style={{ padding: 0 }} onClick={() => onOpen(row.employee_id)}>
                  {row.name}
                </Button>
                <div className="soft small">
                  <span className="num">{row.number}</span> {row.department}
                </div>
              </th>
              {row.cells.map((cell, index) => {
                const date = grid.days[index]?.date ?? "";
                return (
                  <td key={date} className={grid.days[index]?.kind === "workday" ? undefined : "att-off"}>
                    <button
                      type="button"
                      className={`att-cell att-${cell.state}`}
                      title={words(cell)}
                      aria-label={`${row.name} ${date} ${words(cell)}`}
                      onClick={() => onOpen(row.employee_id, date)}
                    >
                      {cell.shift && (cell.state === "ahead" || cell.state === "normal") ? cell.shift : sign(cell.state)}
                    </button>
                  </td>
                );
              })}
              <td className="sum">{hours(row.summary.worked_minutes)}</td>
              <td className="sum">{row.summary.late_minutes || ""}</td>
              <td className="sum">{row.summary.absent_minutes ? hours(row.summary.absent_minutes) : ""}</td>
              <td className="sum">{hoursOf(row, ["unpaid_leave_minutes", "sick_leave_minutes", "paid_leave_minutes"])}</td>
              <td className="sum">{hoursOf(row, ["overtime_workday_minutes", "overtime_restday_minutes", "overtime_holiday_minutes"])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function hoursOf(row: GridRow, fields: (keyof GridRow["summary"])[]): string {
  const minutes = fields.reduce((sum, field) => sum + Number(row.summary[field]), 0);
  return minutes ? hours(minutes) : "";
}
