import { Button, DatePicker, Form, Input, InputNumber, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Employee, EmployeeFile, PositionRow, WageRow } from "../../api/types";
import { Money, Panel, StatusTag } from "../../shared/bits";
import { instant, today } from "../../shared/dates";
import { DataTable } from "../../shared/DataTable";
import { fen } from "../../shared/money";
import { regionName, regionOptions } from "../../shared/regions";
import { DepartmentInput } from "./DepartmentSelect";
import { FileDialog } from "../../shared/FileDialog";
import { WageNote } from "../../shared/WageNote";
import { FileTerms } from "./FileTerms";
import { useFileDone } from "./useFileDone";

/** Positions and wages as histories: a new row holds from its day, and none is overwritten. */
export function FileJob({ employee, file }: { employee: Employee; file: EmployeeFile }) {
  const { t } = useTranslation("employees");
  const [open, setOpen] = useState<"wage" | "move" | null>(null);
  const done = useFileDone(file.employee_id);
  const may = (name: string) => file.allowed_actions.includes(name);
  const close = () => setOpen(null);
  return (
    <div className="stack">
      <Panel title={t("positions")} extra={may("move") && <Button onClick={() => setOpen("move")}>{t("move")}</Button>} flush>
        <Positions rows={file.positions} />
      </Panel>
      {file.wages && (
        <Panel
          title={t("wages")}
          extra={
            may("set_wage") && (
              <Button type="primary" onClick={() => setOpen("wage")}>
                {t("wage.set")}
              </Button>
            )
          }
          flush
        >
          <Wages rows={file.wages.steps} />
        </Panel>
      )}
      <FileTerms file={file} />
      {open === "wage" && <WageDialog id={file.employee_id} region={employee.region} onDone={done} onClose={close} />}
      {open === "move" && <MoveDialog employee={employee} onDone={done} onClose={close} />}
    </div>
  );
}

function Positions({ rows }: { rows: PositionRow[] }) {
  const { t } = useTranslation("employees");
  return (
    <DataTable<PositionRow>
      id="employee-positions"
      label={t("positions")}
      rows={[...rows].reverse()}
      rowKey={(one) => `${one.from}-${one.seq}`}
      columns={[
        { key: "from", title: t("from.day"), primary: true, width: 120, render: (one) => <Day row={one} /> },
        { key: "department", title: t("department"), render: (one) => one.department || "—" },
        { key: "position", title: t("position"), render: (one) => one.position || "—" },
        { key: "region", title: t("city"), render: (one) => regionName(one.region) },
        { key: "reason", title: t("reason"), render: (one) => one.reason ?? "—" },
        { key: "by", title: t("entered"), render: (one) => <Entered row={one} /> },
      ]}
    />
  );
}

function Wages({ rows }: { rows: WageRow[] }) {
  const { t } = useTranslation("employees");
  return (
    <DataTable<WageRow>
      id="employee-wages"
      label={t("wages")}
      rows={[...rows].reverse()}
      rowKey={(one) => `${one.from}-${one.seq}`}
      columns={[
        { key: "from", title: t("from.day"), primary: true, width: 120, render: (one) => <Day row={one} /> },
        {
          key: "wage",
          title: t("wage"),
          align: "right",
          render: (one) =>
            one.monthly_fen === null || one.monthly_fen === undefined ? (
              <StatusTag tone="warning">{t("wage.withdrawn")}</StatusTag>
            ) : (
              <Money fen={one.monthly_fen} />
            ),
        },
        { key: "reason", title: t("reason"), render: (one) => one.reason ?? "—" },
        { key: "by", title: t("entered"), render: (one) => <Entered row={one} /> },
      ]}
    />
  );
}

function Day({ row }: { row: { from: string; holds: boolean } }) {
  const { t } = useTranslation("employees");
  return (
    <span className="num">
      {row.from} {!row.holds && <StatusTag tone="default">{t("superseded")}</StatusTag>}
    </span>
  );
}

function Entered({ row }: { row: { entered_name: string; entered_at: string } }) {
  const { t } = useTranslation("employees");
  return (
    <span className="soft small">
      {row.entered_name || t("entered.with")} {instant(row.entered_at)}
    </span>
  );
}

interface DialogProps {
  onDone: () => void;
  onClose: () => void;
}

function WageDialog({ id, region, onDone, onClose }: DialogProps & { id: string; region: string }) {
  const { t } = useTranslation("employees");
  return (
    <FileDialog<{ from: Dayjs; wage: string; reason?: string }>
      title={t("wage.set")}
      initial={{ from: dayjs(today()) }}
      onDone={onDone}
      onClose={onClose}
      submit={(entry) => {
        const body = { from: entry.from.format("YYYY-MM-DD"), monthly_fen: fen(entry.wage), reason: entry.reason };
        return unwrap(client.POST("/api/v1/employees/{id}/wages", { params: { path: { id } }, body }));
      }}
    >
      <Form.Item name="from" label={t("from.day")} rules={[{ required: true, message: t("missing") }]}>
        <DatePicker style={{ width: "100%" }} allowClear={false} />
      </Form.Item>
      <Form.Item name="wage" label={t("wage")} rules={[{ required: true, message: t("missing") }]}>
        <InputNumber<string> stringMode min="0" precision={2} controls={false} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="reason" label={t("reason")} extra={t("reason.past")}>
        <Input maxLength={500} />
      </Form.Item>
      <TypedWage region={region} />
    </FileDialog>
  );
}

function TypedWage({ region }: { region: string }) {
  const form = Form.useFormInstance();
  const wage = Form.useWatch<string | undefined>("wage", form);
  const from = Form.useWatch<Dayjs | undefined>("from", form);
  return <WageNote wage={wage} region={region} on={from?.format("YYYY-MM-DD")} />;
}

function MoveDialog({ employee, onDone, onClose }: DialogProps & { employee: Employee }) {
  const { t } = useTranslation("employees");
  return (
    <FileDialog<{ from: Dayjs; department?: string; position?: string; region: string; reason?: string }>
      title={t("move")}
      initial={{ from: dayjs(today()), department: employee.department, position: employee.position, region: employee.region }}
      onDone={onDone}
      onClose={onClose}
      submit={(entry) => {
        const body = { ...entry, from: entry.from.format("YYYY-MM-DD") };
        return unwrap(client.POST("/api/v1/employees/{id}/positions", { params: { path: { id: employee.id } }, body }));
      }}
    >
      <Form.Item name="from" label={t("from.day")} rules={[{ required: true, message: t("missing") }]}>
        <DatePicker style={{ width: "100%" }} allowClear={false} />
      </Form.Item>
      <Form.Item name="department" label={t("department")}>
        <DepartmentInput />
      </Form.Item>
      <Form.Item name="position" label={t("position")}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="region" label={t("city")}>
        <Select options={regionOptions()} />
      </Form.Item>
      <Form.Item name="reason" label={t("reason")} extra={t("reason.past")}>
        <Input maxLength={500} />
      </Form.Item>
    </FileDialog>
  );
}
