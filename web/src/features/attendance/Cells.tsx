import { useTranslation } from "react-i18next";
import type { Cell, DayState } from "./api";

export const STATES: DayState[] = ["normal", "late", "missing", "absent", "leave", "overtime", "rest", "no_schedule", "stray"];

/** One sign a state; the colour only repeats what the sign says. */
const SIGN: Record<DayState, string> = {
  normal: "✓",
  late: "△",
  missing: "缺",
  absent: "旷",
  leave: "假",
  overtime: "＋",
  rest: "·",
  no_schedule: "?",
  stray: "!",
  ahead: "",
  not_employed: "",
};

export function sign(state: DayState): string {
  return SIGN[state];
}

export function useCellWords(): (cell: Cell) => string {
  const { t } = useTranslation("attendance");
  return (cell) => {
    const parts = [t(`state.${cell.state}`)];
    if (cell.leave) parts.push(t(`leave.${cell.leave}`));
    if (cell.shift) parts.push(cell.shift);
    if (cell.first) parts.push(cell.last ? `${cell.first}–${cell.last}` : cell.first);
    return parts.join(" ");
  };
}

export function Legend() {
  const { t } = useTranslation("attendance");
  return (
    <div className="att-legend" aria-label={t("legend")}>
      {STATES.map((state) => (
        <span key={state}>
          <span className={`sign att-${state}`}>{sign(state)}</span>
          {t(`state.${state}`)}
        </span>
      ))}
    </div>
  );
}
