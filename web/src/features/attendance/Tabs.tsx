import { Button, DatePicker, Segmented } from "antd";
import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { today } from "../../shared/dates";
import { useUrlState } from "../../shared/url-state";
import { monthPlus } from "./time";

/** The month of the page, kept in its address; the running one at first. */
export function useMonth(): [string, (month: string) => void] {
  const [state, change] = useUrlState(["month"] as const);
  return [/^\d{4}-\d{2}$/.test(state.month) ? state.month : today().slice(0, 7), (month) => change({ month })];
}

export function MonthPicker({ month, onChange }: { month: string; onChange: (month: string) => void }) {
  const { t } = useTranslation("attendance");
  return (
    <span className="row" style={{ gap: 4, flexWrap: "nowrap" }}>
      <Button aria-label={t("month.previous")} icon={<LeftOutlined />} onClick={() => onChange(monthPlus(month, -1))} />
      <DatePicker
        picker="month"
        allowClear={false}
        value={dayjs(`${month}-01`)}
        aria-label={t("month")}
        onChange={(value) => value && onChange(value.format("YYYY-MM"))}
      />
      <Button aria-label={t("month.next")} icon={<RightOutlined />} onClick={() => onChange(monthPlus(month, 1))} />
    </span>
  );
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
    <div style={{ overflowX: "auto" }}>
      <Segmented
        value={here}
        options={PAGES.map((page) => ({ value: page, label: t(`page.${page || "grid"}`) }))}
        onChange={(page) => void navigate(`/attendance${page ? `/${page}` : ""}${month ? `?month=${month}` : ""}`)}
      />
    </div>
  );
}
