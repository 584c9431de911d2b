import { App } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import { PageHead, Panel } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { useMe } from "../../shared/session";
import { ProblemNote, QueryView } from "../../shared/states";
import type { Today } from "./api";
import "./attendance.css";

/** The first page of a signed-in employee: today's hours and one large button to clock in or out. */
export function MyTodayPage() {
  const { t } = useTranslation("me");
  const me = useMe();
  const query = useQuery({
    queryKey: ["my-today"],
    queryFn: ({ signal }) => unwrap<Today>(client.GET("/api/v1/me/today", { signal })),
    refetchInterval: 60_000,
  });
  return (
    <div className="stack" style={{ maxWidth: 560, margin: "0 auto" }}>
      <PageHead title={t("hello", { name: me.name })} lead={me.organisation.name} />
      <QueryView query={query}>{(today) => <Clock today={today} />}</QueryView>
      <Panel title={t("payslip")}>
        <Link to="/payslips">{t("payslip.see")}</Link>
      </Panel>
      <Panel title={t("calculators")}>
        <Link to="/calculations">{t("calculators.see")}</Link>
      </Panel>
    </div>
  );
}

/** The time shown runs on the phone; the time recorded is the server's. */
function useRunningClock(): string {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  return instant(now.toISOString(), true).slice(11);
}

function Clock({ today }: { today: Today }) {
  const { t } = useTranslation("me");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const now = useRunningClock();
  const clock = useMutation({
    mutationFn: () => unwrap<Today>(client.POST("/api/v1/me/clock")),
    onSuccess: (next) => {
      queries.setQueryData(["my-today"], next);
      void queries.invalidateQueries({ queryKey: ["my-attendance"] });
      message.success(t("clock.done", { at: next.punches.at(-1) ?? next.now }));
    },
  });
  return (
    <Panel title={t("today")} extra={<span className="soft num">{today.date}</span>}>
      <div className="stack" style={{ alignItems: "center", textAlign: "center" }}>
        <div>
          <span className="soft">{t("today.asked")} </span>
          <strong>{today.asked}</strong>
        </div>
        <button
          type="button"
          className="att-clock"
          disabled={clock.isPending || !today.allowed_actions.includes("clock")}
          aria-busy={clock.isPending}
          onClick={() => clock.mutate()}
        >
          <span>{t(today.punches.length === 0 ? "clock.in" : "clock.out")}</span>
          <span className="now" aria-hidden="true">
            {now}
          </span>
        </button>
        <div role="status">
          {today.punches.length === 0 ? (
            <span className="soft">{t("clock.none")}</span>
          ) : (
            <>
              <span className="soft">{t("clock.punched")} </span>
              <span className="num">{today.punches.join("　")}</span>
            </>
          )}
        </div>
        {today.flags.length > 0 && <div className="soft small">{today.flags.map((flag) => t(`flag.${flag}`)).join("、")}</div>}
        <p className="soft small">{t("clock.note")}</p>
        {clock.isError && <ProblemNote error={clock.error} />}
      </div>
    </Panel>
  );
}
