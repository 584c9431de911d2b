import { Button, Checkbox, Form, InputNumber, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { EmployeeFile, Insurance } from "../../api/types";
import { Facts, Money, Panel } from "../../shared/bits";
import { today } from "../../shared/dates";
import { fen, yuan } from "../../shared/money";
import { FileDialog } from "../../shared/FileDialog";
import { useFileDone } from "./useFileDone";

const ALL: Insurance[] = ["pension", "medical", "unemployment", "injury", "maternity"];

interface Entry {
  insurances: Insurance[];
  fund_joined: boolean;
  fund_base?: string;
  first_work_year?: number | null;
  year?: number | null;
  average_fen?: string;
}

/** The terms contributions and tax are reckoned by. */
export function FileTerms({ file }: { file: EmployeeFile }) {
  const { t } = useTranslation("employees");
  const [editing, setEditing] = useState(false);
  const done = useFileDone(file.employee_id);
  const lastYear = Number(today().slice(0, 4)) - 1;
  const average = file.wages?.averages[0];
  return (
    <Panel
      title={t("terms")}
      extra={file.allowed_actions.includes("edit_terms") && file.wages && <Button onClick={() => setEditing(true)}>{t("edit")}</Button>}
    >
      <Facts
        items={[
          [t("terms.insurances"), file.insurances.map((one) => t(`insurance.${one}`)).join(" · ")],
          [t("terms.fund"), t(file.fund_joined ? "terms.fund.yes" : "terms.fund.no")],
          ...(file.wages
            ? ([
                [t("terms.fundBase"), file.wages.fund_base_fen ? <Money key="b" fen={file.wages.fund_base_fen} /> : t("terms.byWage")],
                [t("terms.average"), average ? `${average.year} · ${yuan(average.average_fen)}` : "—"],
                [t("terms.firstYear"), file.deductions?.first_work_year ?? "—"],
              ] as [string, string | number][])
            : []),
        ]}
      />
      {editing && file.wages && (
        <FileDialog<Entry>
          title={t("terms")}
          initial={{
            insurances: file.insurances,
            fund_joined: file.fund_joined,
            fund_base: file.wages.fund_base_fen ? yuan(file.wages.fund_base_fen).replaceAll(",", "") : undefined,
            first_work_year: file.deductions?.first_work_year,
            year: lastYear,
          }}
          onDone={done}
          onClose={() => setEditing(false)}
          submit={(entry) => {
            const given = entry.average_fen ? fen(entry.average_fen) : null;
            const body = {
              version: file.version,
              insurances: entry.insurances,
              fund_joined: entry.fund_joined,
              fund_base_fen: entry.fund_base ? (fen(entry.fund_base) ?? 0) : 0,
              first_work_year: entry.first_work_year ?? 0,
              prior_average: given !== null && entry.year ? { year: entry.year, average_fen: given } : undefined,
            };
            return unwrap(client.PATCH("/api/v1/employees/{id}/terms", { params: { path: { id: file.employee_id } }, body }));
          }}
        >
          <TermsFields />
        </FileDialog>
      )}
    </Panel>
  );
}

function TermsFields() {
  const { t } = useTranslation("employees");
  return (
    <>
      <Form.Item name="insurances" label={t("terms.insurances")}>
        <Checkbox.Group options={ALL.map((value) => ({ value, label: t(`insurance.${value}`) }))} />
      </Form.Item>
      <Form.Item name="fund_joined" label={t("terms.fund")} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="fund_base" label={t("terms.fundBase")} extra={t("terms.byWage")}>
        <InputNumber<string> stringMode min="0" precision={2} controls={false} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="first_work_year" label={t("terms.firstYear")} extra={t("terms.firstYear.note")}>
        <InputNumber<number> min={0} precision={0} controls={false} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="year" label={t("terms.averageYear")}>
        <InputNumber<number> precision={0} controls={false} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="average_fen" label={t("terms.average")}>
        <InputNumber<string> stringMode min="0" precision={2} controls={false} style={{ width: "100%" }} />
      </Form.Item>
    </>
  );
}
