import { App, Button, Checkbox, DatePicker, Input, InputNumber, Modal, Segmented, Select } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { ProblemNote } from "../../shared/states";
import { today } from "../../shared/dates";
import type { DayHours, Grid, Group, Rule } from "./api";
import { DAY, clock, minuteOf } from "./time";

const OFFICE: Rule = {
  hours: { kind: "fixed", weekdays: [1, 2, 3, 4, 5], hours: { start: 540, end: 1080, breaks: [{ from: 720, to: 780 }] }, special: [] },
  grace_minutes: 5,
  absent_after_minutes: 0,
  pairing: "first_last",
  missing: "worked",
  overtime: { counted: "approved", block_minutes: 30, minimum_minutes: 30, before_start: false },
};

const KINDS: Record<Rule["hours"]["kind"], () => Rule["hours"]> = {
  fixed: () => OFFICE.hours,
  shift: () => ({
    kind: "shift",
    shifts: [
      { key: "早", name: "早班", hours: { start: 480, end: 960, breaks: [] } },
      { key: "中", name: "中班", hours: { start: 960, end: 1440, breaks: [] } },
      { key: "夜", name: "夜班", hours: { start: 0, end: 480, breaks: [] } },
    ],
    pattern: ["早", "早", "中", "中", "夜", "夜", null, null],
    starts_on: `${today().slice(0, 7)}-01`,
    rest_on_holidays: false,
  }),
  flexible: () => ({
    kind: "flexible",
    weekdays: [1, 2, 3, 4, 5],
    minutes: 480,
    core: { from: 600, to: 900 },
    breaks: [{ from: 720, to: 780 }],
    settled: "month",
  }),
};

/** Adds or changes a group: whom it covers, when they work, and what counts. The server checks the rule. */
export function GroupEditor({ group, onClose }: { group?: Group; onClose: () => void }) {
  const { t } = useTranslation("attendance");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [name, setName] = useState(group?.name ?? "");
  const [all, setAll] = useState(group?.covers_all ?? false);
  const [departments, setDepartments] = useState(group?.departments ?? []);
  const [rule, setRule] = useState<Rule>(group?.rule ?? OFFICE);
  const known = useQuery({
    queryKey: ["attendance-departments"],
    queryFn: ({ signal }) =>
      unwrap<Grid>(client.GET("/api/v1/attendance", { params: { query: { month: today().slice(0, 7), anomalies: false, limit: 1 } }, signal })),
  });
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), covers_all: all, departments, rule, version: group?.version };
      return group
        ? unwrap<Group>(client.PUT("/api/v1/attendance/groups/{id}", { params: { path: { id: group.id } }, body }))
        : unwrap<Group>(client.POST("/api/v1/attendance/groups", { body }));
    },
    onSuccess: () => {
      message.success(t("saved"));
      void queries.invalidateQueries();
      onClose();
    },
  });
  const overtime = rule.overtime;
  return (
    <Modal
      open
      width={720}
      title={group ? t("group.edit") : t("group.add")}
      okText={t("save")}
      okButtonProps={{ loading: save.isPending, disabled: !name.trim() }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <div className="stack">
        <div className="grid-form">
          <Field label={t("group.name")}>
            <Input maxLength={30} value={name} aria-label={t("group.name")} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label={t("group.departments")}>
            <Select
              mode="tags"
              style={{ width: "100%" }}
              disabled={all}
              value={departments}
              aria-label={t("group.departments")}
              options={(known.data?.departments ?? []).map((value) => ({ value, label: value }))}
              onChange={setDepartments}
            />
          </Field>
        </div>
        <Checkbox checked={all} onChange={(event) => setAll(event.target.checked)}>
          {t("group.coversAll")}
        </Checkbox>
        <Segmented
          value={rule.hours.kind}
          aria-label={t("rule.kind")}
          options={(["fixed", "shift", "flexible"] as const).map((value) => ({ value, label: t(`rule.${value}`) }))}
          onChange={(kind) => setRule({ ...rule, hours: KINDS[kind]() })}
        />
        <HoursEditor rule={rule} onChange={setRule} />
        <div className="grid-form">
          <Field label={t("rule.grace")}>
            <InputNumber min={0} max={120} precision={0} value={rule.grace_minutes} onChange={(n) => setRule({ ...rule, grace_minutes: n ?? 0 })} />
          </Field>
          <Field label={t("rule.absentAfter")}>
            <InputNumber
              min={0}
              max={DAY}
              precision={0}
              value={rule.absent_after_minutes}
              onChange={(n) => setRule({ ...rule, absent_after_minutes: n ?? 0 })}
            />
          </Field>
          <Field label={t("rule.pairing")}>
            <Select
              style={{ width: "100%" }}
              value={rule.pairing}
              onChange={(pairing) => setRule({ ...rule, pairing })}
              options={(["first_last", "in_out"] as const).map((value) => ({ value, label: t(`pairing.${value}`) }))}
            />
          </Field>
          <Field label={t("rule.missing")}>
            <Select
              style={{ width: "100%" }}
              value={rule.missing}
              onChange={(missing) => setRule({ ...rule, missing })}
              options={(["worked", "absent"] as const).map((value) => ({ value, label: t(`missing.${value}`) }))}
            />
          </Field>
          <Field label={t("rule.overtime")}>
            <Select
              style={{ width: "100%" }}
              value={overtime.counted}
              onChange={(counted) => setRule({ ...rule, overtime: { ...overtime, counted } })}
              options={(["never", "approved", "punched"] as const).map((value) => ({ value, label: t(`overtime.${value}`) }))}
            />
          </Field>
          <Field label={t("rule.block")}>
            <InputNumber
              min={1}
              max={480}
              precision={0}
              value={overtime.block_minutes}
              onChange={(n) => setRule({ ...rule, overtime: { ...overtime, block_minutes: n ?? 30 } })}
            />
          </Field>
          <Field label={t("rule.minimum")}>
            <InputNumber
              min={0}
              max={480}
              precision={0}
              value={overtime.minimum_minutes}
              onChange={(n) => setRule({ ...rule, overtime: { ...overtime, minimum_minutes: n ?? 30 } })}
            />
          </Field>
        </div>
        <Checkbox
          checked={overtime.before_start}
          onChange={(event) => setRule({ ...rule, overtime: { ...overtime, before_start: event.target.checked } })}
        >
          {t("rule.beforeStart")}
        </Checkbox>
        {save.isError && <ProblemNote error={save.error} />}
      </div>
    </Modal>
  );
}

function Field({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <label className="stack tight" style={{ gap: 2 }}>
      <span className="soft small">{label}</span>
      {children}
    </label>
  );
}

function HoursEditor({ rule, onChange }: { rule: Rule; onChange: (rule: Rule) => void }) {
  const { t } = useTranslation("attendance");
  const set = rule.hours;
  const put = (hours: Rule["hours"]) => onChange({ ...rule, hours });
  if (set.kind === "fixed") {
    return (
      <>
        <Weekdays value={set.weekdays} onChange={(weekdays) => put({ ...set, weekdays })} />
        <HoursFields hours={set.hours} onChange={(hours) => put({ ...set, hours })} />
      </>
    );
  }
  if (set.kind === "flexible") {
    return (
      <>
        <Weekdays value={set.weekdays} onChange={(weekdays) => put({ ...set, weekdays })} />
        <div className="grid-form">
          <Field label={t("rule.minutes")}>
            <InputNumber min={1} max={DAY} precision={0} value={set.minutes} onChange={(n) => put({ ...set, minutes: n ?? 480 })} />
          </Field>
          <Field label={t("rule.core.from")}>
            <Clock value={set.core?.from ?? 600} onChange={(from) => put({ ...set, core: { from, to: set.core?.to ?? 900 } })} />
          </Field>
          <Field label={t("rule.core.to")}>
            <Clock value={set.core?.to ?? 900} onChange={(to) => put({ ...set, core: { from: set.core?.from ?? 600, to } })} />
          </Field>
          <Field label={t("rule.settled")}>
            <Select
              style={{ width: "100%" }}
              value={set.settled}
              onChange={(settled) => put({ ...set, settled })}
              options={(["day", "month"] as const).map((value) => ({ value, label: t(`settled.${value}`) }))}
            />
          </Field>
        </div>
      </>
    );
  }
  return (
    <>
      {set.shifts.map((shift, index) => {
        const put1 = (next: typeof shift) => put({ ...set, shifts: set.shifts.map((one, n) => (n === index ? next : one)) });
        return (
          <div key={index} className="row" style={{ alignItems: "flex-end" }}>
            <Field label={t("shift.key")}>
              <Input style={{ width: 64 }} maxLength={4} value={shift.key} onChange={(event) => put1({ ...shift, key: event.target.value })} />
            </Field>
            <Field label={t("shift.name")}>
              <Input style={{ width: 110 }} maxLength={20} value={shift.name} onChange={(event) => put1({ ...shift, name: event.target.value })} />
            </Field>
            <HoursFields hours={shift.hours} onChange={(hours) => put1({ ...shift, hours })} />
            <Button size="small" onClick={() => put({ ...set, shifts: set.shifts.filter((_, n) => n !== index) })}>
              {t("remove")}
            </Button>
          </div>
        );
      })}
      <Button
        size="small"
        onClick={() => put({ ...set, shifts: [...set.shifts, { key: "", name: "", hours: { start: 480, end: 960, breaks: [] } }] })}
      >
        {t("shift.add")}
      </Button>
      <Field label={t("pattern")}>
        <div className="att-pattern">
          {set.pattern.map((key, index) => (
            <Select
              key={index}
              size="small"
              style={{ width: 74 }}
              aria-label={t("pattern.day", { n: index + 1 })}
              value={key ?? ""}
              options={[{ value: "", label: t("state.rest") }, ...set.shifts.map((one) => ({ value: one.key, label: one.key }))]}
              onChange={(value) => put({ ...set, pattern: set.pattern.map((one, n) => (n === index ? value || null : one)) })}
            />
          ))}
          <Button size="small" onClick={() => put({ ...set, pattern: [...set.pattern, null] })}>
            {t("pattern.longer")}
          </Button>
          <Button size="small" disabled={set.pattern.length < 2} onClick={() => put({ ...set, pattern: set.pattern.slice(0, -1) })}>
            {t("pattern.shorter")}
          </Button>
        </div>
      </Field>
      <div className="row">
        <Field label={t("pattern.from")}>
          <DatePicker
            allowClear={false}
            value={dayjs(set.starts_on)}
            onChange={(value) => value && put({ ...set, starts_on: value.format("YYYY-MM-DD") })}
          />
        </Field>
        <Checkbox checked={set.rest_on_holidays ?? false} onChange={(event) => put({ ...set, rest_on_holidays: event.target.checked })}>
          {t("pattern.holidays")}
        </Checkbox>
      </div>
    </>
  );
}

function Weekdays({ value, onChange }: { value: number[]; onChange: (value: number[]) => void }) {
  const { t } = useTranslation("attendance");
  return (
    <Checkbox.Group
      value={value}
      options={[1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: day, label: t(`weekday.${day % 7}`) }))}
      onChange={(days) => onChange([...days].sort())}
    />
  );
}

/** A time of day as text; what is no time is not taken over. */
function Clock({ value, onChange, label }: { value: number; onChange: (minute: number) => void; label?: string }) {
  const [text, setText] = useState(clock(value));
  const wrong = minuteOf(text) === null;
  return (
    <Input
      style={{ width: 86 }}
      value={text}
      aria-label={label}
      status={wrong ? "error" : undefined}
      onChange={(event) => {
        setText(event.target.value);
        const minute = minuteOf(event.target.value);
        if (minute !== null) onChange(minute);
      }}
    />
  );
}

function HoursFields({ hours, onChange }: { hours: DayHours; onChange: (hours: DayHours) => void }) {
  const { t } = useTranslation("attendance");
  const [pause, ...rest] = hours.breaks ?? [];
  const end = (minute: number, nextDay: boolean) => (nextDay ? minute + DAY : minute === 0 ? DAY : minute);
  const next = hours.end > DAY;
  return (
    <div className="row" style={{ alignItems: "flex-end" }}>
      <Field label={t("hours.start")}>
        <Clock value={hours.start} onChange={(start) => onChange({ ...hours, start })} />
      </Field>
      <Field label={t("hours.end")}>
        <Clock value={hours.end} onChange={(minute) => onChange({ ...hours, end: end(minute, next) })} />
      </Field>
      <Checkbox checked={next} onChange={(event) => onChange({ ...hours, end: end(hours.end % DAY, event.target.checked) })}>
        {t("nextDay")}
      </Checkbox>
      <Checkbox
        checked={pause !== undefined}
        onChange={(event) => onChange({ ...hours, breaks: event.target.checked ? [{ from: hours.start + 180, to: hours.start + 240 }] : [] })}
      >
        {t("hours.break")}
      </Checkbox>
      {pause && (
        <>
          <Clock
            label={t("hours.break.from")}
            value={pause.from}
            onChange={(from) => onChange({ ...hours, breaks: [{ ...pause, from: from < hours.start ? from + DAY : from }, ...rest] })}
          />
          <Clock
            label={t("hours.break.to")}
            value={pause.to}
            onChange={(to) => onChange({ ...hours, breaks: [{ ...pause, to: to < hours.start ? to + DAY : to }, ...rest] })}
          />
        </>
      )}
    </div>
  );
}
