import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button, DatePicker } from "antd";
import { useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../api/client";
import type { SeenMonth } from "../api/types";
import { monthPlus, today } from "./dates";

export function MonthPicker({ month, onChange, label }: { month: string; onChange: (month: string) => void; label?: string }) {
  const { t } = useTranslation();
  return (
    <span className="row" style={{ gap: 4, flexWrap: "nowrap" }}>
      <Button aria-label={t("month.previous")} icon={<LeftOutlined />} onClick={() => onChange(monthPlus(month, -1))} />
      <DatePicker
        picker="month"
        allowClear={false}
        value={dayjs(`${month}-01`)}
        aria-label={label ?? t("month")}
        onChange={(value) => value && onChange(value.format("YYYY-MM"))}
      />
      <Button aria-label={t("month.next")} icon={<RightOutlined />} onClick={() => onChange(monthPlus(month, 1))} />
    </span>
  );
}

/** The newest month of which there is what a page shows; this month where there is none yet. */
export function newestMonth(months: readonly SeenMonth[], shows: "declarations" | "bills", now: string): string {
  return months.find((one) => one[shows] > 0)?.month ?? now.slice(0, 7);
}

/** The month a page opens on: the one of its address, else the newest of which there is something; undefined until that is known. */
export function useOpeningMonth(chosen: string, shows: "declarations" | "bills"): string | undefined {
  const seen = useQuery({
    queryKey: ["insurance-months"],
    queryFn: ({ signal }) => unwrap<SeenMonth[]>(client.GET("/api/v1/insurance-months", { signal })),
    enabled: !chosen,
    staleTime: Infinity, // A page that is open does not move to another month by itself.
    gcTime: 0,
  });
  if (chosen) return chosen;
  if (seen.isError) return today().slice(0, 7);
  return seen.data && newestMonth(seen.data, shows, today());
}
