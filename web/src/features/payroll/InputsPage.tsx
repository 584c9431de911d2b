import { useTranslation } from "react-i18next";
import { Choices } from "../../shared/Choices";
import { PageHead } from "../../shared/bits";
import { useUrlState } from "../../shared/url-state";
import { AccountsPanel } from "./Accounts";
import { EntriesPanel } from "./Entries";
import { OpeningsPanel } from "./Openings";

const PARTS = ["", "openings", "accounts"] as const;

/** What a run takes besides files and attendance: amounts by hand, opening balances, and the accounts departments are booked to. */
export function InputsPage() {
  const { t } = useTranslation("payroll");
  const [filter, setFilter] = useUrlState(["part"] as const);
  return (
    <div className="stack">
      <PageHead title={t("inputs")} lead={t("inputs.lead")} back={{ to: "/payroll", label: t("title") }} />
      <Choices
        label={t("inputs")}
        value={filter.part}
        onChange={(part) => setFilter({ part })}
        options={PARTS.map((value) => ({ value: value as string, label: t(`inputs.${value || "entries"}`) }))}
      />
      {filter.part === "openings" ? <OpeningsPanel /> : filter.part === "accounts" ? <AccountsPanel /> : <EntriesPanel />}
    </div>
  );
}
