import { Button, Checkbox, DatePicker, Form, Input, InputNumber, Select } from "antd";
import { useMutation } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { ClaimKind, Deduction, EmployeeFile } from "../../api/types";
import { today } from "../../shared/dates";
import { Facts, MaskedText, Money, Panel, StatusTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { fen } from "../../shared/money";
import { EmptyState, ProblemNote } from "../../shared/states";
import { FileDialog } from "../../shared/FileDialog";
import { useFileDone } from "./useFileDone";

/** The account wages are paid to, and what is deducted from income tax. */
export function FileMoney({ file }: { file: EmployeeFile }) {
  return (
    <div className="stack">
      {file.accounts && <Account file={file} />}
      {file.deductions && <Deductions file={file} />}
    </div>
  );
}

function Account({ file }: { file: EmployeeFile }) {
  const { t } = useTranslation("employees");
  const [open, setOpen] = useState(false);
  const done = useFileDone(file.employee_id);
  const path = { id: file.employee_id };
  const reveal = useMutation({
    mutationFn: () => unwrap<{ value: string }>(client.POST("/api/v1/employees/{id}/reveal", { params: { path }, body: { field: "bank_account" } })),
  });
  const may = (name: string) => file.allowed_actions.includes(name);
  const account = file.accounts?.[0];
  return (
    <Panel
      title={t("account")}
      extra={may("set_account") && <Button onClick={() => setOpen(true)}>{t(account ? "account.change" : "account.add")}</Button>}
    >
      {account ? (
        <Facts
          items={[
            [t("account.bank"), account.bank_name],
            [t("account.branch"), account.branch ?? "—"],
            [
              t("account.number"),
              <MaskedText
                key="n"
                masked={account.account_masked}
                full={reveal.data?.value}
                loading={reveal.isPending}
                onReveal={may("reveal_account") ? () => reveal.mutate() : undefined}
              />,
            ],
          ]}
        />
      ) : (
        <EmptyState title={t("account.none")} />
      )}
      {reveal.isError && <ProblemNote error={reveal.error} />}
      {open && (
        <FileDialog<{ bank_name: string; branch?: string; account: string; confirmed?: boolean }>
          title={t("account")}
          onDone={() => {
            reveal.reset();
            done();
          }}
          onClose={() => setOpen(false)}
          submit={(entry) => unwrap(client.POST("/api/v1/employees/{id}/bank-account", { params: { path }, body: entry }))}
        >
          <Form.Item name="bank_name" label={t("account.bank")} rules={[{ required: true, whitespace: true, message: t("missing") }]}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="branch" label={t("account.branch")}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="account" label={t("account.number")} rules={[{ required: true, message: t("missing") }]}>
            <Input maxLength={40} inputMode="numeric" autoComplete="off" />
          </Form.Item>
          <Form.Item name="confirmed" valuePropName="checked">
            <Checkbox>{t("account.confirm")}</Checkbox>
          </Form.Item>
        </FileDialog>
      )}
    </Panel>
  );
}

const KINDS: ClaimKind[] = ["child", "infant", "elder", "mortgage", "rent", "degree", "illness", "personal_pension", "health_insurance"];

function Deductions({ file }: { file: EmployeeFile }) {
  const { t } = useTranslation("employees");
  const [open, setOpen] = useState(false);
  const [ending, setEnding] = useState<Deduction | null>(null);
  const done = useFileDone(file.employee_id);
  const may = file.allowed_actions.includes("add_claim");
  if (!file.deductions) return null;
  const { claims, month, special_additional_fen, other_fen } = file.deductions;
  return (
    <Panel title={t("deductions")} extra={may && <Button onClick={() => setOpen(true)}>{t("deduction.add")}</Button>}>
      <Facts
        items={[
          [t("deduction.special", { month }), <Money key="s" fen={special_additional_fen} />],
          [t("deduction.other", { month }), <Money key="o" fen={other_fen} />],
        ]}
      />
      <DataTable<Deduction>
        id="employee-deductions"
        label={t("deductions")}
        rows={claims}
        rowKey={(one) => one.id}
        empty={<EmptyState title={t("deduction.none")} />}
        columns={[
          { key: "kind", title: t("deduction.kind"), primary: true, width: 150, render: (one) => t(`deduction.${one.kind}`) },
          { key: "subject", title: t("deduction.subject"), render: (one) => one.subject ?? "—" },
          { key: "from", title: t("deduction.from"), render: (one) => <span className="num">{one.from_month}</span> },
          { key: "to", title: t("deduction.to"), render: (one) => <span className="num">{one.to_month ?? "—"}</span> },
          { key: "amount", title: t("deduction.amount"), align: "right", render: (one) => (one.amount_fen ? <Money fen={one.amount_fen} /> : "—") },
          {
            key: "act",
            title: t("status"),
            render: (one) => {
              if (one.voided_at) return <StatusTag tone="default">{t("deduction.voided")}</StatusTag>;
              return may ? (
                <Button type="link" size="small" onClick={() => setEnding(one)}>
                  {t("deduction.end")}
                </Button>
              ) : (
                "—"
              );
            },
          },
        ]}
      />
      {open && <NewDeduction id={file.employee_id} onDone={done} onClose={() => setOpen(false)} />}
      {ending && (
        <FileDialog<{ to_month?: Dayjs | null }>
          title={t("deduction.end")}
          onDone={done}
          onClose={() => setEnding(null)}
          submit={(entry) =>
            unwrap(
              client.POST("/api/v1/employees/{id}/deductions/{document}/end", {
                params: { path: { id: file.employee_id, document: ending.id } },
                body: { to_month: entry.to_month?.format("YYYY-MM") },
              }),
            )
          }
        >
          <Form.Item name="to_month" label={t("deduction.to")} extra={t("deduction.void.note")}>
            <DatePicker picker="month" style={{ width: "100%" }} />
          </Form.Item>
        </FileDialog>
      )}
    </Panel>
  );
}

interface NewEntry {
  kind: ClaimKind;
  quantity?: number;
  amount?: string;
  from_month: Dayjs;
  to_month?: Dayjs | null;
  subject?: string;
}

function NewDeduction({ id, onDone, onClose }: { id: string; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation("employees");
  return (
    <FileDialog<NewEntry>
      title={t("deduction.add")}
      initial={{ kind: "child", from_month: dayjs(today()) }}
      onDone={onDone}
      onClose={onClose}
      submit={(entry) => {
        const body = {
          kind: entry.kind,
          quantity: entry.quantity,
          amount_fen: entry.amount ? (fen(entry.amount) ?? 0) : undefined,
          from_month: entry.from_month.format("YYYY-MM"),
          to_month: entry.to_month?.format("YYYY-MM"),
          subject: entry.subject,
        };
        return unwrap(client.POST("/api/v1/employees/{id}/deductions", { params: { path: { id } }, body }));
      }}
    >
      {(form) => (
        <>
          <Form.Item name="kind" label={t("deduction.kind")}>
            <Select
              options={KINDS.map((value) => ({ value, label: t(`deduction.${value}`) }))}
              onChange={() => form.setFieldsValue({ quantity: undefined, amount: undefined })}
            />
          </Form.Item>
          <Details />
          <Form.Item name="from_month" label={t("deduction.from")} rules={[{ required: true, message: t("missing") }]}>
            <DatePicker picker="month" allowClear={false} style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item name="to_month" label={t("deduction.to")}>
            <DatePicker picker="month" style={{ width: "100%" }} />
          </Form.Item>
          <Form.Item name="subject" label={t("deduction.subject")} extra={t("deduction.subject.note")}>
            <Input maxLength={100} />
          </Form.Item>
        </>
      )}
    </FileDialog>
  );
}

/** What the kind chosen asks for: the share of a child, the tier of a city, or an amount. */
function Details() {
  const { t } = useTranslation("employees");
  const kind = Form.useWatch<ClaimKind>("kind");
  if (kind === "child" || kind === "infant") {
    return (
      <Form.Item name="quantity" label={t("deduction.share")}>
        <Select options={[2, 1].map((value) => ({ value, label: t(`deduction.share.${value}`) }))} />
      </Form.Item>
    );
  }
  if (kind === "rent") {
    return (
      <Form.Item name="quantity" label={t("deduction.tier")}>
        <Select options={[1, 2, 3].map((value) => ({ value, label: t(`deduction.tier.${value}`) }))} />
      </Form.Item>
    );
  }
  if (kind === "elder" || kind === "personal_pension" || kind === "health_insurance") {
    return (
      <Form.Item name="amount" label={t("deduction.amount")} extra={kind === "elder" ? t("deduction.elder.note") : undefined}>
        <InputNumber<string> stringMode min="0" precision={2} controls={false} style={{ width: "100%" }} />
      </Form.Item>
    );
  }
  return null;
}
