import { App, Button, Checkbox, DatePicker, Input, Segmented, Select } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { client, unwrap } from "../../api/client";
import { PageHead, Panel } from "../../shared/bits";
import { FindingList } from "../../shared/FindingList";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import type { LeaveKind, MyRequests, NewRequest, Request } from "./api";
import { RequestState, When, amountWords } from "./RequestBits";
import { Decide } from "./RequestsPage";
import { leaveDays, minuteOf } from "./time";

export type Draft = {
  kind: "leave" | "overtime" | "punch";
  leaveKind: LeaveKind;
  rest: boolean;
  unit: "day" | "half" | "hour";
  from: string;
  to: string;
  half: "first_half" | "second_half";
  fromClock: string;
  toClock: string;
  nextDay: boolean;
  reason: string;
};

/** What the server is asked, or nothing while the form is not whole. */
export function requestOf(draft: Draft): NewRequest | null {
  if (!draft.reason.trim() || !draft.from) return null;
  const common = { kind: draft.kind, from_on: draft.from, reason: draft.reason.trim(), rest: false };
  const start = minuteOf(draft.fromClock);
  const end = minuteOf(draft.toClock);
  const hours = start === null || end === null ? null : { from_minute: start, to_minute: end + (draft.nextDay ? 1440 : 0) };
  if (draft.kind === "punch") return start === null ? null : { ...common, from_minute: start };
  if (draft.kind === "overtime") return hours && hours.to_minute > hours.from_minute ? { ...common, ...hours, rest: draft.rest } : null;
  const leave = { ...common, leave_kind: draft.leaveKind };
  if (draft.unit === "hour") return hours && hours.to_minute > hours.from_minute ? { ...leave, ...hours } : null;
  if (draft.unit === "half") return { ...leave, first_part: draft.half };
  return draft.to >= draft.from ? { ...leave, to_on: draft.to } : null;
}

export function MyRequestsPage() {
  const { t } = useTranslation("me");
  const query = useQuery({
    queryKey: ["my-requests"],
    queryFn: ({ signal }) => unwrap<MyRequests>(client.GET("/api/v1/me/requests", { params: { query: {} }, signal })),
  });
  return (
    <div className="stack" style={{ maxWidth: 640, margin: "0 auto" }}>
      <PageHead title={t("requests")} />
      <QueryView query={query}>
        {(mine) => (
          <>
            <Ask mine={mine} />
            <Past requests={mine.requests.items} />
          </>
        )}
      </QueryView>
    </div>
  );
}

function Ask({ mine }: { mine: MyRequests }) {
  const { t } = useTranslation("me");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [params] = useSearchParams();
  const day = params.get("day") ?? dayjs().format("YYYY-MM-DD");
  const [draft, setDraft] = useState<Draft>({
    kind: params.get("new") === "punch" ? "punch" : "leave",
    leaveKind: "annual",
    rest: false,
    unit: "day",
    from: day,
    to: day,
    half: "first_half",
    fromClock: "09:00",
    toClock: "18:00",
    nextDay: false,
    reason: "",
  });
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const body = requestOf(draft);
  const send = useMutation({
    mutationFn: (request: NewRequest) => unwrap<Request>(client.POST("/api/v1/me/requests", { body: request })),
    onSuccess: () => {
      message.success(t("ask.done"));
      put({ reason: "" });
      for (const key of ["my-requests", "my-attendance"]) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
  const kind = mine.kinds.find((one) => one.kind === draft.leaveKind);
  const pick = (name: "from" | "to") => (value: Dayjs | null) => {
    if (!value) return;
    const date = value.format("YYYY-MM-DD");
    put(name === "from" && draft.to < date ? { from: date, to: date } : { [name]: date });
  };
  const days = draft.kind === "leave" && draft.unit === "day";
  const times = draft.kind !== "leave" || draft.unit === "hour";
  return (
    <Panel title={t("ask")}>
      <div className="stack">
        <Segmented
          block
          value={draft.kind}
          options={(["leave", "overtime", "punch"] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
          onChange={(value) => put({ kind: value })}
        />
        {draft.kind === "leave" && (
          <>
            <Select
              size="large"
              value={draft.leaveKind}
              aria-label={t("ask.leaveKind")}
              onChange={(leaveKind) => put({ leaveKind })}
              options={mine.kinds.map((one) => ({
                value: one.kind,
                label: one.balance ? `${t(`leave.${one.kind}`)}（${t("balance.left", { n: leaveDays(one.balance.left) })}）` : t(`leave.${one.kind}`),
              }))}
            />
            {kind?.balance && (
              <div className="soft small">
                {t("balance", {
                  law: leaveDays(kind.balance.by_law),
                  granted: leaveDays(kind.balance.granted),
                  taken: leaveDays(kind.balance.taken),
                  pending: leaveDays(kind.balance.pending),
                })}
              </div>
            )}
            {kind?.by_calendar_days && <div className="soft small">{t("ask.calendarDays")}</div>}
            <Segmented
              block
              value={draft.unit}
              options={(["day", "half", "hour"] as const).map((value) => ({ value, label: t(`unit.${value}`) }))}
              onChange={(value) => put({ unit: value })}
            />
          </>
        )}
        <div className="row">
          <DatePicker size="large" inputReadOnly allowClear={false} value={dayjs(draft.from)} aria-label={t("ask.from")} onChange={pick("from")} />
          {days && (
            <DatePicker size="large" inputReadOnly allowClear={false} value={dayjs(draft.to)} aria-label={t("ask.to")} onChange={pick("to")} />
          )}
          {draft.kind === "leave" && draft.unit === "half" && (
            <Segmented
              value={draft.half}
              options={(["first_half", "second_half"] as const).map((value) => ({ value, label: t(`half.${value}`) }))}
              onChange={(value) => put({ half: value })}
            />
          )}
        </div>
        {times && (
          <div className="row">
            <Input
              size="large"
              type="time"
              style={{ width: 130 }}
              value={draft.fromClock}
              aria-label={t("ask.fromClock")}
              onChange={(event) => put({ fromClock: event.target.value })}
            />
            {draft.kind !== "punch" && (
              <>
                <Input
                  size="large"
                  type="time"
                  style={{ width: 130 }}
                  value={draft.toClock}
                  aria-label={t("ask.toClock")}
                  onChange={(event) => put({ toClock: event.target.value })}
                />
                <Checkbox checked={draft.nextDay} onChange={(event) => put({ nextDay: event.target.checked })}>
                  {t("nextDay")}
                </Checkbox>
              </>
            )}
          </div>
        )}
        {draft.kind === "overtime" && (
          <Checkbox checked={draft.rest} onChange={(event) => put({ rest: event.target.checked })}>
            {t("ask.rest")}
          </Checkbox>
        )}
        <Input.TextArea
          rows={2}
          maxLength={200}
          value={draft.reason}
          placeholder={t("ask.reason")}
          aria-label={t("ask.reason")}
          onChange={(event) => put({ reason: event.target.value })}
        />
        {send.isError && <ProblemNote error={send.error} />}
        {send.data && send.data.findings.length > 0 && <FindingList findings={send.data.findings} showRule={false} />}
        <Button type="primary" size="large" block disabled={!body} loading={send.isPending} onClick={() => body && send.mutate(body)}>
          {t("ask.send")}
        </Button>
      </div>
    </Panel>
  );
}

function Past({ requests }: { requests: Request[] }) {
  const { t } = useTranslation("me");
  const [deciding, setDeciding] = useState<Request>();
  return (
    <Panel title={t("requests.past")}>
      {requests.length === 0 ? (
        <EmptyState title={t("requests.none")} />
      ) : (
        <ul className="plain stack">
          {requests.map((one) => (
            <li key={one.id} className="card-row">
              <div className="row" style={{ justifyContent: "space-between" }}>
                <strong>{one.leave_kind ? t(`leave.${one.leave_kind}`) : t(`kind.${one.kind}`)}</strong>
                <RequestState request={one} />
              </div>
              <div>
                <When request={one} /> <span className="soft">{amountWords(t, one)}</span>
              </div>
              <div className="soft small">{one.reason}</div>
              {one.allowed_actions.includes("withdraw") && (
                <Button size="small" onClick={() => setDeciding(one)}>
                  {t("withdraw")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {deciding && <Decide request={deciding} act="withdraw" onClose={() => setDeciding(undefined)} />}
    </Panel>
  );
}
