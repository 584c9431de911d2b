import { App, Button, DatePicker, Input, Popconfirm, Select } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { PageHead, Panel } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import type { Group, Settings } from "./api";
import { GroupEditor } from "./GroupEditor";
import { MembersPanel, SchedulePanel } from "./Placement";
import { AttendanceTabs } from "./Tabs";
import { clock, hours } from "./time";

export function SettingsPage() {
  const { t } = useTranslation("attendance");
  const query = useQuery({
    queryKey: ["attendance-settings"],
    queryFn: ({ signal }) => unwrap<Settings>(client.GET("/api/v1/attendance/settings", { signal })),
  });
  return (
    <div className="stack">
      <PageHead title={t("page.settings")} lead={t("settings.lead")} />
      <AttendanceTabs />
      <QueryView query={query}>
        {(settings) => (
          <>
            <Groups settings={settings} />
            {settings.allowed_actions.includes("edit") && settings.groups.length > 0 && (
              <>
                <MembersPanel settings={settings} />
                <SchedulePanel settings={settings} />
              </>
            )}
            <OwnDays settings={settings} />
          </>
        )}
      </QueryView>
    </div>
  );
}

/** A rule in one line. */
export function useRuleWords(): (group: Group) => string {
  const { t } = useTranslation("attendance");
  return ({ rule }) => {
    const set = rule.hours;
    if (set.kind === "fixed") return `${clock(set.hours.start)}–${clock(set.hours.end)}`;
    if (set.kind === "shift") return t("rule.shift.words", { shifts: set.shifts.map((one) => one.key).join(" "), n: set.pattern.length });
    return t("rule.flexible.words", { n: hours(set.minutes) });
  };
}

function Groups({ settings }: { settings: Settings }) {
  const { t } = useTranslation("attendance");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const words = useRuleWords();
  const [editing, setEditing] = useState<Group | "new">();
  const edits = settings.allowed_actions.includes("edit");
  const remove = useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE("/api/v1/attendance/groups/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      message.success(t("saved"));
      void queries.invalidateQueries();
    },
  });
  return (
    <Panel
      title={t("groups")}
      extra={
        edits && (
          <Button type="primary" onClick={() => setEditing("new")}>
            {t("group.add")}
          </Button>
        )
      }
    >
      <DataTable<Group>
        id="attendance-groups"
        label={t("groups")}
        rows={settings.groups}
        rowKey={(one) => one.id}
        empty={<EmptyState title={t("groups.none")}>{t("groups.none.body")}</EmptyState>}
        columns={[
          { key: "name", title: t("group.name"), primary: true, render: (one) => one.name },
          { key: "kind", title: t("rule.kind"), render: (one) => t(`rule.${one.rule.hours.kind}`) },
          { key: "rule", title: t("rule"), render: words },
          {
            key: "covers",
            title: t("group.covers"),
            render: (one) => (one.covers_all ? t("group.coversAll") : one.departments.join("、") || t("group.byMember")),
          },
          { key: "overtime", title: t("rule.overtime"), render: (one) => t(`overtime.${one.rule.overtime.counted}`) },
          {
            key: "acts",
            title: t("requests.acts"),
            render: (one) =>
              edits && (
                <span className="row" style={{ gap: 4 }}>
                  <Button size="small" onClick={() => setEditing(one)}>
                    {t("edit")}
                  </Button>
                  <Popconfirm title={t("group.remove.sure")} onConfirm={() => remove.mutate(one.id)}>
                    <Button size="small" danger>
                      {t("remove")}
                    </Button>
                  </Popconfirm>
                </span>
              ),
          },
        ]}
      />
      {remove.isError && <ProblemNote error={remove.error} />}
      {editing && <GroupEditor group={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </Panel>
  );
}

function OwnDays({ settings }: { settings: Settings }) {
  const { t } = useTranslation("attendance");
  const queries = useQueryClient();
  const [date, setDate] = useState<Dayjs>();
  const [works, setWorks] = useState(false);
  const [name, setName] = useState("");
  const edits = settings.allowed_actions.includes("edit");
  const save = useMutation({
    mutationFn: (day: { date: string; works: boolean | null; name: string }) => unwrap(client.PUT("/api/v1/attendance/days", { body: [day] })),
    onSuccess: () => {
      setDate(undefined);
      setName("");
      void queries.invalidateQueries();
    },
  });
  return (
    <Panel title={t("days")} extra={<span className="soft small">{t("days.note")}</span>}>
      <div className="stack">
        {edits && (
          <div className="row">
            <DatePicker value={date} aria-label={t("date")} onChange={(value) => setDate(value ?? undefined)} />
            <Select
              style={{ width: 110 }}
              value={works}
              aria-label={t("days.works")}
              onChange={setWorks}
              options={[
                { value: false, label: t("days.off") },
                { value: true, label: t("days.on") },
              ]}
            />
            <Input
              style={{ width: 180 }}
              maxLength={20}
              placeholder={t("days.name")}
              aria-label={t("days.name")}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <Button
              disabled={!date}
              loading={save.isPending}
              onClick={() => date && save.mutate({ date: date.format("YYYY-MM-DD"), works, name: name.trim() })}
            >
              {t("add")}
            </Button>
          </div>
        )}
        {save.isError && <ProblemNote error={save.error} />}
        <DataTable
          id="company-days"
          label={t("days")}
          rows={settings.days}
          rowKey={(one) => one.date}
          empty={<EmptyState title={t("days.none")} />}
          columns={[
            { key: "date", title: t("date"), primary: true, render: (one) => <span className="num">{dayjs(one.date).format("YYYY-MM-DD")}</span> },
            { key: "works", title: t("days.works"), render: (one) => t(one.works ? "days.on" : "days.off") },
            { key: "name", title: t("days.name"), render: (one) => one.name || "—" },
            {
              key: "acts",
              title: t("requests.acts"),
              render: (one) =>
                edits && (
                  <Button size="small" onClick={() => save.mutate({ date: one.date, works: null, name: "" })}>
                    {t("remove")}
                  </Button>
                ),
            },
          ]}
        />
      </div>
    </Panel>
  );
}
