import { Button, Checkbox, Form, Input, InputNumber } from "antd";
import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { PayOpeningRow, PayOpenings } from "../../api/types";
import { Money } from "../../shared/bits";
import { today } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { EmployeeSelect } from "../../shared/EmployeeSelect";
import { fen, yuan } from "../../shared/money";
import { EmptyState, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { FileDialog } from "../../shared/FileDialog";

const AMOUNTS = ["income", "special", "additional", "other", "withheld"] as const;
type Amount = (typeof AMOUNTS)[number];
type Entry = Record<Amount, string> & { people: string[]; bonus_used: boolean };

/** 期初累计: what was earned and withheld in the year before the first run here, so that cumulative tax goes on from it. */
export function OpeningsPanel() {
  const { t } = useTranslation("payroll");
  const [filter, setFilter] = useUrlState(["year"] as const);
  const year = Number(filter.year || today().slice(0, 4));
  const query = useQuery({
    queryKey: ["payroll", "openings", year],
    queryFn: ({ signal }) => unwrap<PayOpenings>(client.GET("/api/v1/payroll/openings/{year}", { params: { path: { year } }, signal })),
  });
  return (
    <>
      <p className="soft">{t("openings.lead")}</p>
      <div className="row">
        <InputNumber
          aria-label={t("openings.year")}
          value={year}
          min={2019}
          max={2100}
          precision={0}
          onChange={(value) => value && setFilter({ year: String(value) })}
        />
      </div>
      <QueryView query={query}>{(openings) => <Loaded openings={openings} />}</QueryView>
    </>
  );
}

function Loaded({ openings }: { openings: PayOpenings }) {
  const { t } = useTranslation("payroll");
  const [editing, setEditing] = useState<PayOpeningRow | "new">();
  const may = openings.allowed_actions.includes("enter");
  return (
    <>
      <DataTable<PayOpeningRow>
        id="pay-openings"
        label={t("inputs.openings")}
        rows={openings.openings}
        total={openings.total}
        rowKey={(row) => row.who.employee_id}
        empty={<EmptyState title={t("openings.none")} />}
        tools={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing("new")}>
              {t("openings.new")}
            </Button>
          )
        }
        columns={[
          {
            key: "name",
            title: t("name"),
            primary: true,
            render: (row) => (
              <>
                {row.who.name} <span className="soft num">{row.who.number}</span>
              </>
            ),
          },
          { key: "department", title: t("department"), optional: true, render: (row) => row.who.department || "—" },
          ...AMOUNTS.map((key) => ({
            key,
            title: t(`openings.${key}`),
            align: "right" as const,
            render: (row: PayOpeningRow) => <Money fen={row[`${key}_fen`]} />,
          })),
          { key: "bonus", title: t("openings.bonusUsed"), render: (row) => (row.bonus_used ? t("openings.used") : "—") },
          {
            key: "act",
            title: t("acts"),
            render: (row) =>
              may ? (
                <Button type="link" size="small" onClick={() => setEditing(row)}>
                  {t("edit")}
                </Button>
              ) : (
                "—"
              ),
          },
        ]}
      />
      {editing && <Edit year={openings.year} row={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}

function Edit({ year, row, onClose }: { year: number; row?: PayOpeningRow; onClose: () => void }) {
  const { t } = useTranslation("payroll");
  const queries = useQueryClient();
  const initial = Object.fromEntries(AMOUNTS.map((key) => [key, row ? yuan(row[`${key}_fen`]) : ""])) as Record<Amount, string>;
  return (
    <FileDialog<Entry>
      title={row ? `${row.who.name} ${year}` : t("openings.new")}
      initial={{ ...initial, people: row ? [row.who.employee_id] : [], bonus_used: row?.bonus_used ?? false }}
      onDone={() => void queries.invalidateQueries({ queryKey: ["payroll", "openings"] })}
      onClose={onClose}
      submit={(entry) => {
        const amounts = Object.fromEntries(AMOUNTS.map((key) => [`${key}_fen`, fen(entry[key] || "0") ?? 0])) as Record<`${Amount}_fen`, number>;
        const people = row ? [row.who.employee_id] : entry.people;
        const body = people.map((employee_id) => ({ employee_id, ...amounts, bonus_used: entry.bonus_used }));
        return unwrap(client.PUT("/api/v1/payroll/openings/{year}", { params: { path: { year } }, body }));
      }}
    >
      {!row && (
        <Form.Item label={t("name")} name="people" rules={[{ required: true, type: "array", min: 1, message: t("openings.whom") }]}>
          <EmployeeSelect />
        </Form.Item>
      )}
      {AMOUNTS.map((key) => (
        <Form.Item
          key={key}
          name={key}
          label={t(`openings.${key}`)}
          rules={[
            {
              validator: (_, text: string) => (!text || (fen(text) ?? -1) >= 0 ? Promise.resolve() : Promise.reject(new Error(t("amount.wrong")))),
            },
          ]}
        >
          <Input inputMode="decimal" suffix="¥" placeholder="0.00" />
        </Form.Item>
      ))}
      <Form.Item name="bonus_used" valuePropName="checked">
        <Checkbox>{t("openings.bonusUsed.long")}</Checkbox>
      </Form.Item>
    </FileDialog>
  );
}
