import { App, Button, Input, Modal, Select } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { PageHead } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { FindingList } from "../../shared/FindingList";
import { usePages } from "../../shared/paging";
import { EmptyState, ProblemNote } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import type { Request } from "./api";
import { RequestState, When, amountWords } from "./RequestBits";
import { AttendanceTabs } from "./Tabs";

type Act = "approve" | "refuse" | "withdraw" | "revoke";

export function RequestsPage() {
  const { t } = useTranslation("attendance");
  const [filter, change] = useUrlState(["state", "kind"] as const);
  const [deciding, setDeciding] = useState<{ request: Request; act: Act }>();
  const list = usePages<Request>(["attendance-requests", filter.state, filter.kind], (cursor, signal) =>
    unwrap(
      client.GET("/api/v1/attendance/requests", {
        params: {
          query: {
            state: filter.state || undefined,
            kind: (filter.kind || undefined) as never,
            cursor: cursor ? Number(cursor) : undefined,
          },
        },
        signal,
      }),
    ),
  );
  return (
    <div className="stack">
      <PageHead title={t("page.requests")} lead={t("requests.lead")} />
      <AttendanceTabs />
      <DataTable<Request>
        id="attendance-requests"
        label={t("page.requests")}
        rows={list.rows}
        total={list.total}
        rowKey={(one) => one.id}
        error={list.error}
        onRetry={list.retry}
        onMore={list.onMore}
        moreLoading={list.moreLoading}
        empty={<EmptyState title={t("requests.none")} />}
        tools={
          <>
            <Select
              allowClear
              style={{ width: 140 }}
              placeholder={t("requests.state")}
              aria-label={t("requests.state")}
              value={filter.state || undefined}
              onChange={(state?: string) => change({ state: state ?? "" })}
              options={["submitted", "approved", "refused", "withdrawn", "revoked"].map((value) => ({ value, label: t(`request.${value}`) }))}
            />
            <Select
              allowClear
              style={{ width: 140 }}
              placeholder={t("requests.kind")}
              aria-label={t("requests.kind")}
              value={filter.kind || undefined}
              onChange={(kind?: string) => change({ kind: kind ?? "" })}
              options={["leave", "overtime", "punch"].map((value) => ({ value, label: t(`kind.${value}`) }))}
            />
          </>
        }
        columns={[
          {
            key: "who",
            title: t("employee"),
            primary: true,
            render: (one) => (
              <span>
                {one.employee_name} <span className="soft num">{one.employee_number}</span>
              </span>
            ),
          },
          { key: "department", title: t("department"), optional: true, render: (one) => one.department || "—" },
          {
            key: "kind",
            title: t("requests.kind"),
            render: (one) => (one.leave_kind ? t(`leave.${one.leave_kind}`) : t(one.rest ? "kind.overtimeRest" : `kind.${one.kind}`)),
          },
          { key: "when", title: t("requests.when"), render: (one) => <When request={one} /> },
          { key: "amount", title: t("requests.amount"), render: (one) => amountWords(t, one) },
          {
            key: "reason",
            title: t("requests.reason"),
            render: (one) => (
              <div style={{ maxWidth: 260, whiteSpace: "normal" }}>
                {one.reason}
                {one.state === "submitted" && one.findings.length > 0 && <FindingList findings={one.findings} />}
              </div>
            ),
          },
          { key: "made", title: t("requests.made"), optional: true, render: (one) => `${one.made_name} ${instant(one.made_at)}` },
          { key: "state", title: t("requests.state"), render: (one) => <RequestState request={one} /> },
          {
            key: "acts",
            title: t("requests.acts"),
            render: (one) => (
              <span className="row" style={{ gap: 4 }}>
                {one.allowed_actions.map((act) => (
                  <Button
                    key={act}
                    size="small"
                    type={act === "approve" ? "primary" : "default"}
                    danger={act === "refuse" || act === "revoke"}
                    onClick={() => setDeciding({ request: one, act: act as Act })}
                  >
                    {t(`decide.${act}`)}
                  </Button>
                ))}
              </span>
            ),
          },
        ]}
      />
      {deciding && <Decide {...deciding} onClose={() => setDeciding(undefined)} />}
    </div>
  );
}

const PATHS = {
  approve: "/api/v1/attendance/requests/{id}/approve",
  refuse: "/api/v1/attendance/requests/{id}/refuse",
  withdraw: "/api/v1/attendance/requests/{id}/withdraw",
  revoke: "/api/v1/attendance/requests/{id}/revoke",
} as const;

/** Says what is decided and takes the opinion; a refusal or revocation needs one. */
export function Decide({ request, act, onClose }: { request: Request; act: Act; onClose: () => void }) {
  const { t } = useTranslation("attendance");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [opinion, setOpinion] = useState("");
  const needed = act === "refuse" || act === "revoke";
  const save = useMutation({
    mutationFn: () =>
      unwrap<Request>(client.POST(PATHS[act], { params: { path: { id: request.id } }, body: { version: request.version, opinion: opinion.trim() } })),
    onSuccess: () => {
      message.success(t("decide.done"));
      for (const key of ["attendance-requests", "my-requests", "attendance", "attendance-employee", "attendance-closing"]) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`${t(`decide.${act}`)} · ${request.employee_name}`}
      okText={t(`decide.${act}`)}
      okButtonProps={{ danger: needed, disabled: needed && !opinion.trim(), loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <div className="stack tight">
        <div>
          {request.leave_kind ? t(`leave.${request.leave_kind}`) : t(`kind.${request.kind}`)} <When request={request} /> {amountWords(t, request)}
        </div>
        <div className="soft">{request.reason}</div>
        {act !== "withdraw" && (
          <Input.TextArea
            rows={2}
            maxLength={200}
            value={opinion}
            aria-label={t("decide.opinion")}
            placeholder={needed ? t("decide.opinion.needed") : t("decide.opinion")}
            onChange={(event) => setOpinion(event.target.value)}
          />
        )}
        {save.isError && <ProblemNote error={save.error} />}
      </div>
    </Modal>
  );
}
