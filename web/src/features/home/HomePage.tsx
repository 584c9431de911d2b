import { Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Deadline, EmployerHome, Task } from "../../api/types";
import { Clock, PageHead, Panel, TileSkeleton } from "../../shared/bits";
import { useMe } from "../../shared/session";
import { EmptyState, QueryView } from "../../shared/states";
import { words } from "../../shared/words";
import { portalPath } from "../../shared/links";

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
          <Button type="primary" onClick={() => void navigate("/onboarding")}>
            {t("menu.onboarding")}
          </Button>
        }
      />
      <QueryView query={home} skeleton={<TileSkeleton n={4} />}>
        {(data) => (
          <>
            {data.policy && (
              <div className="finding info">
                <div className="what">{words(data.policy.title)}</div>
                <div className="then">{words(data.policy.body)}</div>
                {data.policy.link && <Link to={portalPath(data.policy.link)}>{t("policy.more")}</Link>}
              </div>
            )}
            <div className="tiles">
              <Link className="tile" to="/employees">
                <div className="label">{t("employees")}</div>
                <div className="value">{data.employees}</div>
              </Link>
              {data.transfers.map((one) => (
                <Link key={one.state} className="tile" to={`/transfers?state=${one.state}`}>
                  <div className="label">{words(one.label)}</div>
                  <div className="value">{one.count}</div>
                </Link>
              ))}
            </div>
            <div className="grid2">
              <Panel title={t("tasks")}>
                <Tasks tasks={data.tasks} />
              </Panel>
              <Panel title={t("deadlines")} extra={<Link to="/deadlines">{t("deadlines.all")}</Link>}>
                <Deadlines deadlines={data.deadlines.slice(0, 6)} />
              </Panel>
            </div>
          </>
        )}
      </QueryView>
    </div>
  );
}

function Tasks({ tasks }: { tasks: Task[] }) {
  const { t } = useTranslation("home");
  if (tasks.length === 0) return <EmptyState title={t("tasks.none")}>{t("tasks.none.body")}</EmptyState>;
  return (
    <ul className="plain lines">
      {tasks.map((task, index) => (
        <li key={`${task.kind}-${index}`}>
          <div style={{ minWidth: 0 }}>
            <Link to={portalPath(task.link)}>{words(task.title)}</Link>
            {task.detail && <div className="soft small">{words(task.detail)}</div>}
          </div>
          <span className="row">
            <Clock days={task.remaining_working_days} overdue={task.overdue} />
            {task.count ? <strong className="num">{task.count}</strong> : null}
          </span>
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
      {deadlines.map((one, index) => (
        <li key={index}>
          <div style={{ minWidth: 0 }}>
            {one.link ? <Link to={portalPath(one.link)}>{words(one.title)}</Link> : words(one.title)}
            <div className="soft small num">
              {one.subject} · {one.due_on}
            </div>
          </div>
          <Clock days={one.remaining_working_days} overdue={one.overdue} estimated={one.estimated} />
        </li>
      ))}
    </ul>
  );
}
