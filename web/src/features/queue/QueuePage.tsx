import { QuestionCircleOutlined } from "@ant-design/icons";
import { Button, Segmented, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import type { AgencyHome, QueueItem, Page } from "../../api/types";
import { Clock, PageHead, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable, type Column } from "../../shared/DataTable";
import { FilterSearch } from "../../shared/FilterSearch";
import { useHotkeys } from "../../shared/hooks";
import { usePages } from "../../shared/paging";
import { Shortcuts } from "../../shared/Shortcuts";
import { EmptyState } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";

const BOXES = ["todo", "mine", "done", "all"] as const;
type Box = (typeof BOXES)[number];

export function QueuePage() {
  const { t } = useTranslation("queue");
  const navigate = useNavigate();
  const [filter, setFilter] = useUrlState(["box", "business", "query"] as const);
  const box = (filter.box || "todo") as Box;
  const [at, setAt] = useState(0);
  const [help, setHelp] = useState(false);
  const list = usePages<QueueItem>(
    ["cases", box, filter.business, filter.query],
    (cursor, signal) =>
      unwrap<Page<QueueItem>>(
        client.GET("/api/v1/cases", {
          params: { query: { box, business: filter.business || undefined, query: filter.query || undefined, cursor } },
          signal,
        }),
      ),
    15_000,
  );
  const rows = list.rows ?? [];
  const row = rows[Math.min(at, rows.length - 1)];
  useHotkeys({
    ArrowDown: () => setAt((now) => Math.min(now + 1, rows.length - 1)),
    ArrowUp: () => setAt((now) => Math.max(now - 1, 0)),
    Enter: () => row && void navigate(`/cases/${row.id}`),
    "?": () => setHelp(true),
  });
  return (
    <>
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          <Button icon={<QuestionCircleOutlined />} onClick={() => setHelp(true)}>
            {t("shortcuts")}
          </Button>
        }
      />
      <DataTable<QueueItem>
        id="queue"
        label={t("title")}
        columns={useColumns()}
        rows={list.rows}
        rowKey={(one) => one.id}
        activeKey={row?.id}
        error={list.error}
        onRetry={list.retry}
        total={list.total ?? list.rows?.length}
        onMore={list.onMore}
        moreLoading={list.moreLoading}
        tools={<Tools box={box} filter={filter} onChange={(change) => (setAt(0), setFilter(change))} />}
        empty={<EmptyState title={t(`none.${box}`)} />}
      />
      <Shortcuts
        open={help}
        onClose={() => setHelp(false)}
        keys={[
          ["↑ ↓", t("keys.move")],
          ["Enter", t("keys.open")],
          ["?", t("keys.help")],
        ]}
      />
    </>
  );
}

function useColumns(): Column<QueueItem>[] {
  const { t } = useTranslation("queue");
  return [
    { key: "subject", title: t("subject"), primary: true, width: 130, render: (one) => <Link to={`/cases/${one.id}`}>{one.subject.name}</Link> },
    { key: "id", title: t("idNumber"), optional: true, render: (one) => <span className="mono">{one.subject.id_masked ?? "—"}</span> },
    { key: "business", title: t("business"), render: (one) => words(one.business_name) },
    { key: "state", title: t("state"), render: (one) => <StatusTag tone={stateTone(one.state)}>{t(`caseState.${one.state}`)}</StatusTag> },
    { key: "due", title: t("due"), render: (one) => <span className="num">{one.due?.due_on ?? "—"}</span> },
    {
      key: "left",
      title: t("left"),
      render: (one) => (one.due ? <Clock days={one.due.remaining_working_days} overdue={one.due.overdue} estimated={one.due.estimated} /> : "—"),
    },
    { key: "assignee", title: t("assignee"), optional: true, render: (one) => one.assignee_name ?? "—" },
    { key: "submitted", title: t("submitted"), optional: true, render: (one) => <span className="num">{instant(one.submitted_at)}</span> },
    { key: "number", title: t("number"), optional: true, render: (one) => <span className="mono">{one.number}</span> },
  ];
}

function stateTone(state: string): "success" | "processing" | "warning" | "error" | "default" {
  if (state === "effective") return "success";
  if (state === "returned" || state === "refused") return "error";
  if (state === "in_review") return "warning";
  return state === "withdrawn" || state === "reversed" ? "default" : "processing";
}

interface ToolsProps {
  box: Box;
  filter: { business: string; query: string };
  onChange: (change: { box?: string; business?: string; query?: string }) => void;
}

function Tools({ box, filter, onChange }: ToolsProps) {
  const { t } = useTranslation("queue");
  const home = useQuery({
    queryKey: ["agency-home"],
    queryFn: ({ signal }) => unwrap<AgencyHome>(client.GET("/api/v1/agency/home", { signal })),
  });
  const businesses = (home.data?.businesses ?? []).map((one) => ({ value: one.business, label: words(one.name) }));
  return (
    <>
      <Segmented
        aria-label={t("box")}
        value={box}
        onChange={(value) => onChange({ box: value })}
        options={BOXES.map((value) => ({ value: value as string, label: t(`box.${value}`) }))}
      />
      <Select
        aria-label={t("business")}
        value={filter.business}
        onChange={(business) => onChange({ business })}
        style={{ width: 200 }}
        options={[{ value: "", label: t("business.all") }, ...businesses]}
      />
      <FilterSearch value={filter.query} onChange={(query) => onChange({ query })} label={t("find")} />
      {(filter.business || filter.query) && (
        <Button type="link" onClick={() => onChange({ business: "", query: "" })}>
          {t("reset")}
        </Button>
      )}
    </>
  );
}
