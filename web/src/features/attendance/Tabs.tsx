import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { Choices } from "../../shared/Choices";
import { today } from "../../shared/dates";
import { useUrlState } from "../../shared/url-state";

/** The month of the page, kept in its address; the running one at first. */
export function useMonth(first = today().slice(0, 7)): [string, (month: string) => void] {
  const [state, change] = useUrlState(["month"] as const);
  return [/^\d{4}-\d{2}$/.test(state.month) ? state.month : first, (month) => change({ month })];
}

const PAGES = ["", "requests", "closing", "import", "settings"] as const;

/** The pages of attendance; the month goes along. */
export function AttendanceTabs() {
  const { t } = useTranslation("attendance");
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const month = new URLSearchParams(search).get("month");
  const here = PAGES.find((page) => page && pathname.endsWith(`/attendance/${page}`)) ?? "";
  return (
    <Choices
      value={here}
      options={PAGES.map((page) => ({ value: page, label: t(`page.${page || "grid"}`) }))}
      onChange={(page) => void navigate(`/attendance${page ? `/${page}` : ""}${month ? `?month=${month}` : ""}`)}
    />
  );
}
