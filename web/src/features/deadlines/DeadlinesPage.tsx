import { Segmented } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Deadline } from "../../api/types";
import { Clock, PageHead } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { portalPath } from "../../shared/links";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";

const SHOW = ["", "overdue", "soon"] as const;
/** "Soon" on this board: within a working week. */
const SOON_DAYS = 5;

export function DeadlinesPage() {
  const { t } = useTranslation("deadlines");
  const [filter, setFilter] = useUrlState(["show"] as const);
  const query = useQuery({
    queryKey: ["deadlines"],
    queryFn: ({ signal }) => unwrap<Deadline[]>(client.GET("/api/v1/deadlines", { signal })),
    refetchInterval: 60_000,
  });
  const all = query.data;
  const rows = all
    ?.filter((one) =>
      filter.show === "overdue" ? one.overdue : filter.show === "soon" ? !one.overdue && one.remaining_working_days <= SOON_DAYS : true,
    )
    .sort((a, b) => a.due_on.localeCompare(b.due_on));
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <DataTable<Deadline>
        id="deadlines"
        label={t("title")}
        rows={rows}
        error={query.error}
        onRetry={() => void query.refetch()}
        total={rows?.length ?? null}
        tools={
          <Segmented
            aria-label={t("show")}
            value={filter.show}
            onChange={(show) => setFilter({ show })}
            options={SHOW.map((value) => ({ value, label: t(`show.${value || "all"}`) }))}
          />
        }
        rowKey={(one) => `${one.kind}-${one.object_id}-${one.due_on}`}
        columns={[
          { key: "title", title: t("what"), primary: true, render: (one) => <Link to={portalPath(one.link)}>{words(one.title)}</Link> },
          { key: "subject", title: t("subject"), render: (one) => one.name },
          { key: "who", title: t("who"), render: (one) => words(one.who) || "—" },
          { key: "due", title: t("due"), render: (one) => <span className="num">{one.due_on}</span> },
          {
            key: "left",
            title: t("left"),
            render: (one) => <Clock days={one.remaining_working_days} overdue={one.overdue} estimated={one.estimated} />,
          },
          { key: "basis", title: t("basis"), optional: true, render: (one) => one.law || "—" },
        ]}
      />
      <p className="soft small" style={{ marginTop: 12 }}>
        {t("note")}
      </p>
    </>
  );
}
