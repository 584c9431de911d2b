import { App, Button, DatePicker, InputNumber, Select } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { Panel } from "../../shared/bits";
import { EmployeeSelect } from "../../shared/EmployeeSelect";
import { ProblemNote } from "../../shared/states";
import type { Settings } from "./api";

/** Puts employees into a group from a day on. */
export function MembersPanel({ settings }: { settings: Settings }) {
  const { t } = useTranslation("attendance");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [ids, setIds] = useState<string[]>([]);
  const [group, setGroup] = useState(settings.groups[0]?.id);
  const [from, setFrom] = useState<Dayjs>(dayjs().startOf("month"));
  const [offset, setOffset] = useState(0);
  const shifts = settings.groups.find((one) => one.id === group)?.rule.hours.kind === "shift";
  const save = useMutation({
    mutationFn: () =>
      unwrap(
        client.PUT("/api/v1/attendance/members", {
          body: ids.map((employee_id) => ({
            employee_id,
            from_on: from.format("YYYY-MM-DD"),
            group_id: group,
            pattern_offset: shifts ? offset : 0,
          })),
        }),
      ),
    onSuccess: () => {
      message.success(t("saved"));
      setIds([]);
      void queries.invalidateQueries();
    },
  });
  return (
    <Panel title={t("members")} extra={<span className="soft small">{t("members.note", { n: settings.members.length })}</span>}>
      <div className="row">
        <EmployeeSelect value={ids} onChange={setIds} />
        <DatePicker allowClear={false} value={from} aria-label={t("members.from")} onChange={(value) => value && setFrom(value)} />
        <Select
          style={{ width: 180 }}
          value={group}
          aria-label={t("group")}
          onChange={setGroup}
          options={settings.groups.map((one) => ({ value: one.id, label: one.name }))}
        />
        {shifts && (
          <InputNumber
            min={-366}
            max={366}
            precision={0}
            value={offset}
            prefix={t("members.offset")}
            aria-label={t("members.offset")}
            onChange={(value) => setOffset(value ?? 0)}
          />
        )}
        <Button type="primary" disabled={ids.length === 0 || !group} loading={save.isPending} onClick={() => save.mutate()}>
          {t("members.put")}
        </Button>
      </div>
      {save.isError && <ProblemNote error={save.error} />}
    </Panel>
  );
}

/** Schedules days by hand, over the rotation. */
export function SchedulePanel({ settings }: { settings: Settings }) {
  const { t } = useTranslation("attendance");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const shifts = settings.groups.flatMap((one) => (one.rule.hours.kind === "shift" ? one.rule.hours.shifts : []));
  const [ids, setIds] = useState<string[]>([]);
  const [range, setRange] = useState<[Dayjs, Dayjs]>();
  const [shift, setShift] = useState<string>("");
  const save = useMutation({
    mutationFn: () => {
      const [first, last] = range ?? [dayjs(), dayjs()];
      const dates = Array.from({ length: last.diff(first, "day") + 1 }, (_, n) => first.add(n, "day").format("YYYY-MM-DD"));
      const value = shift === "rotation" ? null : shift;
      return unwrap(
        client.PUT("/api/v1/attendance/schedule", {
          body: ids.flatMap((employee_id) => dates.map((day) => ({ employee_id, day, shift: value }))),
        }),
      );
    },
    onSuccess: () => {
      message.success(t("saved"));
      void queries.invalidateQueries();
    },
  });
  if (shifts.length === 0) return null;
  const seen = [...new Map(shifts.map((one) => [one.key, one])).values()];
  return (
    <Panel title={t("schedule")} extra={<span className="soft small">{t("schedule.note")}</span>}>
      <div className="row">
        <EmployeeSelect value={ids} onChange={setIds} />
        <DatePicker.RangePicker value={range} onChange={(value) => setRange(value?.[0] && value[1] ? [value[0], value[1]] : undefined)} />
        <Select
          style={{ width: 160 }}
          value={shift}
          aria-label={t("schedule.shift")}
          onChange={setShift}
          options={[
            { value: "", label: t("state.rest") },
            ...seen.map((one) => ({ value: one.key, label: `${one.key} ${one.name}` })),
            { value: "rotation", label: t("schedule.rotation") },
          ]}
        />
        <Button type="primary" disabled={ids.length === 0 || !range} loading={save.isPending} onClick={() => save.mutate()}>
          {t("schedule.put")}
        </Button>
      </div>
      {save.isError && <ProblemNote error={save.error} />}
    </Panel>
  );
}
