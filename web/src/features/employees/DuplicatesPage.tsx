import { App, Button, Form, Input, Popconfirm, Radio } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { DuplicatePair, Employee, Merge } from "../../api/types";
import { PageHead, Panel, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { regionName } from "../../shared/regions";
import { useMe } from "../../shared/session";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { EmployeeState } from "./EmployeeState";
import { FileDialog } from "../../shared/FileDialog";

function useFresh(): () => void {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: ["duplicates"] });
    void queries.invalidateQueries({ queryKey: ["merges"] });
    void queries.invalidateQueries({ queryKey: ["employees"] });
  };
}

/** Records that seem to be one person, side by side; merges made, each of which can be taken back. */
export function DuplicatesPage() {
  const { t } = useTranslation("employees");
  const pairs = useQuery({
    queryKey: ["duplicates"],
    queryFn: ({ signal }) => unwrap<DuplicatePair[]>(client.GET("/api/v1/employee-duplicates", { signal })),
  });
  return (
    <div className="stack">
      <PageHead title={t("duplicates")} lead={t("duplicates.lead")} back={{ to: "/employees", label: t("title") }} />
      <QueryView query={pairs}>
        {(found) =>
          found.length === 0 ? (
            <EmptyState title={t("duplicates.none")} />
          ) : (
            found.map((pair) => <Pair key={pair.first.id + pair.second.id} pair={pair} />)
          )
        }
      </QueryView>
      <Merges />
    </div>
  );
}

function Pair({ pair }: { pair: DuplicatePair }) {
  const { t } = useTranslation("employees");
  const me = useMe();
  const [merging, setMerging] = useState(false);
  const [apart, setApart] = useState(false);
  const fresh = useFresh();
  const both = [pair.first, pair.second];
  const lines: [string, (one: Employee) => ReactNode][] = [
    [t("number"), (one) => one.number],
    [t("idNumber"), (one) => <span className="mono">{one.id_masked}</span>],
    [t("birthDate"), (one) => one.birth_date],
    [t("phone"), (one) => one.phone_masked ?? "—"],
    [t("hiredOn"), (one) => one.hired_on],
    [t("city"), (one) => regionName(one.region)],
    [t("department"), (one) => one.department || "—"],
    [t("state"), (one) => <EmployeeState employee={one} />],
  ];
  return (
    <Panel
      title={pair.shared.map((word) => t(`shared.${word}`)).join(" · ")}
      extra={
        me.permissions.includes("employee_edit") && (
          <div className="row">
            <Button onClick={() => setApart(true)}>{t("distinct")}</Button>
            <Button onClick={() => setMerging(true)}>{t("merge")}</Button>
          </div>
        )
      }
    >
      <table className="plain-table" style={{ width: "100%" }}>
        <thead>
          <tr>
            <th />
            {both.map((one) => (
              <th key={one.id} style={{ textAlign: "left" }}>
                <Link to={`/employees/${one.id}`}>{one.name}</Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(([label, shown]) => (
            <tr key={label}>
              <th scope="row" className="soft" style={{ textAlign: "left", fontWeight: 400 }}>
                {label}
              </th>
              {both.map((one) => (
                <td key={one.id}>{shown(one)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {apart && (
        <FileDialog<{ reason: string }>
          title={t("distinct")}
          okText={t("distinct")}
          onDone={fresh}
          onClose={() => setApart(false)}
          submit={({ reason }) =>
            unwrap(client.POST("/api/v1/employee-duplicates/distinct", { body: { first_id: pair.first.id, second_id: pair.second.id, reason } }))
          }
        >
          <p className="soft">{t("distinct.body", { first: pair.first.name, second: pair.second.name })}</p>
          <Form.Item name="reason" label={t("reason")} rules={[{ required: true, whitespace: true, message: t("missing") }]}>
            <Input maxLength={500} placeholder={t("distinct.example")} />
          </Form.Item>
        </FileDialog>
      )}
      {merging && (
        <FileDialog<{ kept_id: string; reason: string }>
          title={t("merge")}
          initial={{ kept_id: pair.first.id }}
          onDone={fresh}
          onClose={() => setMerging(false)}
          submit={(entry) => {
            const merged_id = entry.kept_id === pair.first.id ? pair.second.id : pair.first.id;
            return unwrap(client.POST("/api/v1/employee-merges", { body: { ...entry, merged_id } }));
          }}
        >
          <Form.Item name="kept_id" label={t("merge.keep")}>
            <Radio.Group options={both.map((one) => ({ value: one.id, label: `${one.number} · ${one.id_masked}` }))} />
          </Form.Item>
          <Form.Item name="reason" label={t("reason")} rules={[{ required: true, whitespace: true, message: t("missing") }]}>
            <Input maxLength={500} />
          </Form.Item>
        </FileDialog>
      )}
    </Panel>
  );
}

function Merges() {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const me = useMe();
  const fresh = useFresh();
  const list = useQuery({
    queryKey: ["merges"],
    queryFn: ({ signal }) => unwrap<Merge[]>(client.GET("/api/v1/employee-merges", { signal })),
  });
  const undo = useMutation({
    mutationFn: (id: string) => unwrap(client.POST("/api/v1/employee-merges/{id}/undo", { params: { path: { id } } })),
    onSuccess: () => {
      message.success(t("merge.undone"));
      fresh();
    },
  });
  if (list.data?.length === 0) return null;
  return (
    <Panel title={t("merges")} flush>
      {undo.isError && <ProblemNote error={undo.error} />}
      <DataTable<Merge>
        id="merges"
        label={t("merges")}
        rows={list.data}
        rowKey={(one) => one.id}
        error={list.error}
        onRetry={() => void list.refetch()}
        columns={[
          { key: "name", title: t("name"), primary: true, render: (one) => <Link to={`/employees/${one.kept_id}`}>{one.kept_name}</Link> },
          {
            key: "merged",
            title: t("merge.away"),
            render: (one) => (
              <Link className="mono" to={`/employees/${one.merged_id}`}>
                {one.merged_id_masked}
              </Link>
            ),
          },
          { key: "reason", title: t("reason"), render: (one) => one.reason },
          { key: "by", title: t("entered"), render: (one) => `${one.merged_name} ${instant(one.merged_at)}` },
          {
            key: "act",
            title: t("status"),
            render: (one) => {
              if (one.undone_at) return <StatusTag tone="default">{t("merge.undone")}</StatusTag>;
              if (!me.permissions.includes("employee_edit")) return "—";
              return (
                <Popconfirm title={t("merge.undo.sure")} onConfirm={() => undo.mutate(one.id)}>
                  <Button type="link" size="small">
                    {t("merge.undo")}
                  </Button>
                </Popconfirm>
              );
            },
          },
        ]}
      />
    </Panel>
  );
}
