import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import type { AgencyHome } from "../../api/types";
import { PageHead, Panel, TileSkeleton } from "../../shared/bits";
import { useMe } from "../../shared/session";
import { EmptyState, QueryView } from "../../shared/states";
import { words } from "../../shared/words";

export function DeskPage() {
  const { t } = useTranslation("desk");
  const me = useMe();
  const navigate = useNavigate();
  const home = useQuery({
    queryKey: ["agency-home"],
    queryFn: ({ signal }) => unwrap<AgencyHome>(client.GET("/api/v1/agency/home", { signal })),
    refetchInterval: 30_000,
  });
  return (
    <div className="stack">
      <PageHead
        title={t("title", { name: me.name })}
        lead={words(me.role_name)}
        actions={
          <Button type="primary" onClick={() => void navigate("/cases")}>
            {t("open")}
          </Button>
        }
      />
      <QueryView query={home} skeleton={<TileSkeleton n={4} />}>
        {(data) => (
          <>
            <div className="tiles">
              {(["todo", "mine", "overdue"] as const).map((key) => (
                <Link key={key} className={`tile${key === "overdue" && data.totals.overdue > 0 ? " alert" : ""}`} to="/cases">
                  <div className="label">{t(key)}</div>
                  <div className="value">{data.totals[key]}</div>
                </Link>
              ))}
            </div>
            <Panel title={t("businesses")} flush>
              {data.businesses.length === 0 ? (
                <EmptyState />
              ) : (
                <div className="scroll-x" tabIndex={0} role="region" aria-label={t("businesses")}>
                  <table className="plain-table">
                    <thead>
                      <tr>
                        <th>{t("business")}</th>
                        <th className="r">{t("todo")}</th>
                        <th className="r">{t("mine")}</th>
                        <th className="r">{t("overdue")}</th>
                        <th className="r">{t("doneToday")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {data.businesses.map((one) => (
                        <tr key={one.business}>
                          <td>
                            <Link to={`/cases?business=${one.business}`}>{words(one.name)}</Link>
                          </td>
                          <td className="r">
                            <strong>{one.todo}</strong>
                          </td>
                          <td className="r">{one.mine}</td>
                          <td className="r" style={one.overdue > 0 ? { color: "var(--ant-color-error)", fontWeight: 600 } : undefined}>
                            {one.overdue}
                          </td>
                          <td className="r">{one.done_today}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
            </Panel>
          </>
        )}
      </QueryView>
    </div>
  );
}
