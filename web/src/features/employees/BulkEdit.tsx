import { App, Button, DatePicker, Drawer, Form, Input, InputNumber, Radio, Select } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { BulkChange, BulkOutcome } from "../../api/types";
import { today } from "../../shared/dates";
import { fen } from "../../shared/money";
import { regionOptions } from "../../shared/regions";
import { useMe } from "../../shared/session";
import { ProblemNote } from "../../shared/states";
import { DepartmentInput } from "./DepartmentSelect";
import { percentRate } from "./logic";
import { PlannedRows } from "./PlannedRows";

interface Entry {
  from: Dayjs;
  department?: string;
  position?: string;
  region?: string;
  rule: "none" | "set" | "add" | "raise";
  amount?: string;
  reason?: string;
}

function body(ids: string[], entry: Entry): BulkChange {
  const amount = fen(entry.amount ?? "");
  const rate = percentRate(entry.amount ?? "");
  const wage =
    entry.rule === "set" && amount !== null
      ? { set: amount }
      : entry.rule === "add" && amount !== null
        ? { add: amount }
        : entry.rule === "raise" && rate !== null
          ? { raise: rate }
          : undefined;
  return {
    ids,
    from: entry.from.format("YYYY-MM-DD"),
    department: entry.department || undefined,
    position: entry.position || undefined,
    region: entry.region || undefined,
    wage,
    reason: entry.reason || undefined,
  };
}

/** Changes many employees: first shown, everyone before and after, then written. */
export function BulkEdit({ ids, onClose }: { ids: string[]; onClose: () => void }) {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Entry>();
  const [seen, setSeen] = useState<BulkOutcome | null>(null);
  const preview = useMutation({
    mutationFn: (entry: Entry) => unwrap<BulkOutcome>(client.POST("/api/v1/employee-changes/preview", { body: body(ids, entry) })),
    onSuccess: setSeen,
  });
  const apply = useMutation({
    mutationFn: () => unwrap<BulkOutcome>(client.POST("/api/v1/employee-changes", { body: body(ids, form.getFieldsValue(true) as Entry) })),
    onSuccess: (done) => {
      message.success(t("bulk.done", { n: done.fit }));
      void queries.invalidateQueries({ queryKey: ["employees"] });
      onClose();
    },
  });
  const failed = preview.isError ? preview.error : apply.isError ? apply.error : null;
  return (
    <Drawer
      open
      size={760}
      title={t("bulk.title", { n: ids.length })}
      onClose={onClose}
      footer={
        <div className="row end">
          <Button onClick={() => form.submit()} loading={preview.isPending}>
            {t("bulk.preview")}
          </Button>
          <Button type="primary" disabled={!seen || seen.fit === 0} loading={apply.isPending} onClick={() => apply.mutate()}>
            {t("bulk.apply", { n: seen?.fit ?? 0 })}
          </Button>
        </div>
      }
    >
      <div className="stack">
        <Form<Entry>
          form={form}
          layout="vertical"
          initialValues={{ from: dayjs(today()), rule: "none" }}
          onValuesChange={() => setSeen(null)}
          onFinish={(entry) => preview.mutate(entry)}
        >
          <BulkFields />
        </Form>
        {failed && <ProblemNote error={failed} />}
        {seen && (
          <>
            <p role="status">{t("bulk.summary", { fit: seen.fit, refused: seen.refused, unchanged: seen.unchanged })}</p>
            <PlannedRows id="bulk-preview" lines={seen.rows.map((change, at) => ({ key: `${at}`, change, findings: change.findings }))} />
          </>
        )}
      </div>
    </Drawer>
  );
}

function BulkFields() {
  const { t } = useTranslation("employees");
  const me = useMe();
  const rule = Form.useWatch<Entry["rule"]>("rule");
  return (
    <div className="grid-form">
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
        <Select allowClear options={regionOptions()} />
      </Form.Item>
      {me.permissions.includes("wage_view") && (
        <>
          <Form.Item name="rule" label={t("bulk.wage")}>
            <Radio.Group
              options={(["none", "set", "add", "raise"] as const).map((value) => ({ value: value as string, label: t(`bulk.wage.${value}`) }))}
              optionType="button"
              size="small"
            />
          </Form.Item>
          {rule !== "none" && rule !== undefined && (
            <Form.Item name="amount" label={t(`bulk.wage.${rule}`)} rules={[{ required: true, message: t("missing") }]}>
              <InputNumber<string> stringMode precision={2} controls={false} suffix={rule === "raise" ? "%" : undefined} style={{ width: "100%" }} />
            </Form.Item>
          )}
        </>
      )}
      <Form.Item name="reason" label={t("reason")} extra={t("reason.past")}>
        <Input maxLength={500} />
      </Form.Item>
    </div>
  );
}
