import { RightOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../../api/client";
import { Money, PageHead, Panel } from "../../../shared/bits";
import { EmptyState, QueryView } from "../../../shared/states";

interface MyPayslip {
  run_id: string;
  month: string;
  kind: "regular" | "difference";
  gross: number;
  net: number;
}

/** An employee's payslips by month, for the phone. */
export function PayslipsPage() {
  const { t } = useTranslation("payroll");
  const query = useQuery({
    queryKey: ["me", "payslips"],
    queryFn: ({ signal }) => unwrap<MyPayslip[]>(client.GET("/api/v1/me/payslips", { signal })),
  });
  return (
    <div className="stack" style={{ maxWidth: 560, margin: "0 auto" }}>
      <PageHead title={t("mine")} />
      <QueryView query={query}>
        {(slips) =>
          slips.length === 0 ? (
            <EmptyState title={t("mine.none")}>{t("mine.none.body")}</EmptyState>
          ) : (
            <Panel flush>
              <ul className="plain">
                {slips.map((slip) => (
                  <li key={slip.run_id} style={{ borderBottom: "1px solid var(--ant-color-border-secondary)" }}>
                    <Link
                      to={`/payslips/${slip.run_id}`}
                      style={{ display: "flex", justifyContent: "space-between", padding: "14px 16px", minHeight: 44 }}
                    >
                      <span>
                        {slip.month} {slip.kind === "difference" && t("kind.difference")}
                      </span>
                      <span className="row" style={{ gap: 8 }}>
                        <strong>
                          <Money fen={slip.net} />
                        </strong>
                        <RightOutlined aria-hidden />
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            </Panel>
          )
        }
      </QueryView>
    </div>
  );
}
