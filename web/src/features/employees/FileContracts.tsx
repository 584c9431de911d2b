import { Button, DatePicker, Form, Input, Select } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Contract, EmployeeFile, Finding } from "../../api/types";
import { Panel, StatusTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { FindingList } from "../../shared/FindingList";
import { EmptyState } from "../../shared/states";
import { FileDialog } from "../../shared/FileDialog";
import { useFileDone } from "./useFileDone";

interface Entry {
  kind: Contract["kind"];
  from: Dayjs;
  to?: Dayjs | null;
  probation_to?: Dayjs | null;
  signed_on?: Dayjs | null;
  note?: string;
}

const KINDS: Contract["kind"][] = ["fixed", "open_ended", "task"];
const day = (value: Dayjs | null | undefined) => value?.format("YYYY-MM-DD");

/** Contracts, the latest first; the one after another is its renewal. */
export function FileContracts({ file }: { file: EmployeeFile }) {
  const { t } = useTranslation("employees");
  const [open, setOpen] = useState(false);
  const [ending, setEnding] = useState<Contract | null>(null);
  const [findings, setFindings] = useState<Finding[]>([]);
  const done = useFileDone(file.employee_id);
  const may = file.allowed_actions.includes("add_contract");
  return (
    <Panel
      title={t("tab.contracts")}
      extra={
        may && (
          <Button type="primary" onClick={() => setOpen(true)}>
            {t(file.contracts.length > 0 ? "contract.renew" : "contract.add")}
          </Button>
        )
      }
      flush
    >
      {findings.length > 0 && <FindingList findings={findings} />}
      <DataTable<Contract>
        id="employee-contracts"
        label={t("tab.contracts")}
        rows={file.contracts}
        rowKey={(one) => one.id}
        empty={<EmptyState title={t("contract.none")} />}
        columns={[
          { key: "round", title: t("contract.round"), primary: true, width: 90, render: (one) => t("contract.nth", { n: one.round }) },
          { key: "kind", title: t("contract.kind"), render: (one) => t(`contract.${one.kind}`) },
          { key: "from", title: t("contract.from"), render: (one) => <span className="num">{one.from}</span> },
          { key: "to", title: t("contract.to"), render: (one) => <span className="num">{one.to ?? "—"}</span> },
          { key: "probation", title: t("contract.probation"), render: (one) => <span className="num">{one.probation_to ?? "—"}</span> },
          { key: "signed", title: t("contract.signed"), render: (one) => <span className="num">{one.signed_on ?? "—"}</span> },
          {
            key: "ended",
            title: t("contract.ended"),
            render: (one) => {
              if (one.ended_on) return <StatusTag tone="default">{one.ended_on}</StatusTag>;
              return may ? (
                <Button type="link" size="small" onClick={() => setEnding(one)}>
                  {t("contract.end")}
                </Button>
              ) : (
                "—"
              );
            },
          },
        ]}
      />
      {open && <NewContract id={file.employee_id} onFindings={setFindings} onDone={done} onClose={() => setOpen(false)} />}
      {ending && (
        <FileDialog<{ ended_on: Dayjs }>
          title={t("contract.end")}
          onDone={done}
          onClose={() => setEnding(null)}
          submit={(entry) =>
            unwrap(
              client.POST("/api/v1/employees/{id}/contracts/{document}/end", {
                params: { path: { id: file.employee_id, document: ending.id } },
                body: { ended_on: entry.ended_on.format("YYYY-MM-DD") },
              }),
            )
          }
        >
          <Form.Item name="ended_on" label={t("contract.ended")} rules={[{ required: true, message: t("missing") }]}>
            <DatePicker style={{ width: "100%" }} />
          </Form.Item>
        </FileDialog>
      )}
    </Panel>
  );
}

interface NewProps {
  id: string;
  onFindings: (findings: Finding[]) => void;
  onDone: () => void;
  onClose: () => void;
}

function NewContract({ id, onFindings, onDone, onClose }: NewProps) {
  const { t } = useTranslation("employees");
  return (
    <FileDialog<Entry>
      title={t("contract.add")}
      initial={{ kind: "fixed" }}
      onDone={onDone}
      onClose={onClose}
      submit={async (entry) => {
        const body = {
          kind: entry.kind,
          from: entry.from.format("YYYY-MM-DD"),
          to: day(entry.to),
          probation_to: day(entry.probation_to),
          signed_on: day(entry.signed_on),
          note: entry.note,
        };
        const entered = await unwrap<{ findings: Finding[] }>(client.POST("/api/v1/employees/{id}/contracts", { params: { path: { id } }, body }));
        onFindings(entered.findings);
      }}
    >
      <Form.Item name="kind" label={t("contract.kind")}>
        <Select options={KINDS.map((value) => ({ value, label: t(`contract.${value}`) }))} />
      </Form.Item>
      <Form.Item name="from" label={t("contract.from")} rules={[{ required: true, message: t("missing") }]}>
        <DatePicker style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="to" label={t("contract.to")}>
        <DatePicker style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="probation_to" label={t("contract.probation")}>
        <DatePicker style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="signed_on" label={t("contract.signed")}>
        <DatePicker style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="note" label={t("note")}>
        <Input maxLength={500} />
      </Form.Item>
    </FileDialog>
  );
}
