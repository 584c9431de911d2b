import { Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Deadline, EmployerHome } from "../../api/types";
import { Clock, PageHead, Panel, TileSkeleton } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { portalPath } from "../../shared/links";
import { useNotices } from "../../shared/notices";
import { useMe } from "../../shared/session";
import { EmptyState, QueryView } from "../../shared/states";
import { words } from "../../shared/words";
import { tasksOf } from "./tasks";

export function HomePage() {
  const { t } = useTranslation("home");
  const me = useMe();
  const navigate = useNavigate();
  const home = useQuery({
    queryKey: ["employer-home"],
    queryFn: ({ signal }) => unwrap<EmployerHome>(client.GET("/api/v1/employer/home", { signal })),
    refetchInterval: 60_000,
  });
  return (
    <div className="stack">
      <PageHead
        title={t("title", { name: me.name })}
        lead={t("lead")}
        actions={
          me.permissions.includes("status_query") && (
            <Button type="primary" onClick={() => void navigate("/onboarding")}>
              {t("menu.onboarding")}
            </Button>
          )
        }
      />
      <QueryView query={home} skeleton={<TileSkeleton n={4} />}>
        {(data) => <Loaded home={data} />}
      </QueryView>
    </div>
  );
}

function Loaded({ home }: { home: EmployerHome }) {
  const { t } = useTranslation("home");
  const { permissions } = useMe();
  const filed = home.transfers.find((one) => one.state === "filed")?.count ?? 0;
  const insurance = permissions.includes("insurance_view");
  return (
    <>
      <div className="tiles">
        {permissions.includes("employee_view") && <Tile to="/employees" label={t("employees")} value={home.employees_total} />}
        {insurance && <Tile to="/transfers" label={t("transfers.waiting")} value={home.transfers_waiting} />}
        {insurance && <Tile to="/transfers?state=filed" label={t("transfers.filed")} value={filed} />}
        {permissions.includes("payment_make") && <Tile to="/bills" label={t("bills.owed")} value={home.month.bills_owed} />}
        <Tile to={insurance ? "/deadlines?show=overdue" : "/bills"} label={t("overdue")} value={home.overdue} alert={home.overdue > 0} />
      </div>
      <div className="grid2">
        <Panel title={t("tasks")}>
          <Tasks home={home} />
        </Panel>
        <Panel title={t("deadlines")} extra={insurance && <Link to="/deadlines">{t("deadlines.all")}</Link>}>
          <Deadlines deadlines={home.deadlines} />
        </Panel>
      </div>
      <Panel title={t("news")} extra={<Link to="/notices">{t("news.all")}</Link>}>
        <News />
      </Panel>
    </>
  );
}

function Tile({ to, label, value, alert }: { to: string; label: string; value: number; alert?: boolean }) {
  return (
    <Link className={`tile${alert ? " alert" : ""}`} to={to}>
      <div className="label">{label}</div>
      <div className="value">{value}</div>
    </Link>
  );
}

function Tasks({ home }: { home: EmployerHome }) {
  const { t } = useTranslation("home");
  const tasks = tasksOf(home);
  if (tasks.length === 0) return <EmptyState title={t("tasks.none")}>{t("tasks.none.body")}</EmptyState>;
  return (
    <ul className="plain lines">
      {tasks.map((task) => (
        <li key={task.key}>
          <Link to={task.to}>{t(`task.${task.key}`)}</Link>
          <strong className="num">{task.count}</strong>
        </li>
      ))}
    </ul>
  );
}

function Deadlines({ deadlines }: { deadlines: Deadline[] }) {
  const { t } = useTranslation("home");
  if (deadlines.length === 0) return <EmptyState title={t("deadlines.none")} />;
  return (
    <ul className="plain lines">
      {deadlines.map((one) => (
        <li key={`${one.kind}-${one.object_id}-${one.due_on}`}>
          <div style={{ minWidth: 0 }}>
            <Link to={portalPath(one.link)}>{words(one.title)}</Link>
            <div className="soft small num">
              {one.name} · {words(one.who)} · {one.due_on}
            </div>
          </div>
          <Clock days={one.remaining_working_days} overdue={one.overdue} estimated={one.estimated} />
        </li>
      ))}
    </ul>
  );
}

/** The latest notices: what the agencies did, and changes of policy. */
function News() {
  const { t } = useTranslation("home");
  const notices = useNotices();
  return (
    <QueryView query={notices}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t("news.none")} />
        ) : (
          <ul className="plain lines">
            {items.slice(0, 4).map((one) => (
              <li key={one.id}>
                <div style={{ minWidth: 0 }}>
                  {one.link ? <Link to={portalPath(one.link)}>{words(one.title)}</Link> : words(one.title)}
                  <div className="soft small">{words(one.body)}</div>
                </div>
                <span className="soft small num nowrap">{instant(one.at)}</span>
              </li>
            ))}
          </ul>
        )
      }
    </QueryView>
  );
}
