import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Enrolment } from "../../api/types";
import { InsuranceNames, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { regionName } from "../../shared/regions";
import { EmptyState, QueryView } from "../../shared/states";
import { Reasons } from "../../shared/Timeline";

const TONES = { filed: "processing", effective: "success", returned: "error", refused: "error" } as const;

/** What was filed for an employee, with number, state and the agency's answer. */
export function Enrolments({ employeeId }: { employeeId: string }) {
  const { t } = useTranslation("employees");
  const query = useQuery({
    queryKey: ["employee", employeeId, "enrolments"],
    queryFn: ({ signal }) => unwrap<Enrolment[]>(client.GET("/api/v1/employees/{id}/enrolments", { params: { path: { id: employeeId } }, signal })),
  });
  return (
    <QueryView query={query}>
      {(filed) =>
        filed.length === 0 ? (
          <EmptyState title={t("enrol.none")} />
        ) : (
          <ul className="plain lines">
            {filed.map((one) => (
              <li key={one.id}>
                <div style={{ minWidth: 0 }}>
                  <div>
                    {t("enrol.number", { n: one.number })} · {regionName(one.region)} · <InsuranceNames insurances={one.insurances} /> ·{" "}
                    {t("enrol.since", { month: one.from_month })}
                  </div>
                  <div className="soft small num">
                    {t("enrol.filedAt", { at: instant(one.filed_at) })}
                    {one.decided_at && ` · ${t("enrol.decidedAt", { at: instant(one.decided_at) })}`}
                    {one.person_number && ` · ${t("enrol.personNumber", { n: one.person_number })}`}
                  </div>
                  {one.reasons.length > 0 && <Reasons reasons={one.reasons} />}
                </div>
                <StatusTag tone={TONES[one.state]}>{t(`enrol.state.${one.state}`)}</StatusTag>
              </li>
            ))}
          </ul>
        )
      }
    </QueryView>
  );
}
