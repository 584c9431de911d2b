import { App, DatePicker, Form, Input, InputNumber, Modal, Select } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { applyToForm, asProblem } from "../../api/problem";
import type { Employee, Finding } from "../../api/types";
import { fen, yuan } from "../../shared/money";
import { today } from "../../shared/dates";
import { regionOptions } from "../../shared/regions";
import { ProblemNote } from "../../shared/states";
import { WageNote } from "../../shared/WageNote";

interface Entry {
  name: string;
  phone?: string;
  hired_on: Dayjs;
  region: string;
  department: string;
  position: string;
  wage?: string;
}

/** A wage edited here holds from today on, or from the day of hire when that lies ahead. */
const later = (a: string, b: string) => (a > b ? a : b);

/** Changes an employee's record; only what was touched is sent, with the version it was based on. */
export function EditEmployee({ employee, focus, onClose }: { employee: Employee; focus?: "wage"; onClose: () => void }) {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Entry>();
  const [rest, setRest] = useState<Finding[]>([]);
  const wage = Form.useWatch("wage", form);
  const region = Form.useWatch("region", form);
  const hiredOn = Form.useWatch("hired_on", form);
  const touchedWage = wage !== undefined && form.isFieldTouched("wage");
  const save = useMutation({
    mutationFn: (entry: Entry) => {
      const touched = (name: keyof Entry) => form.isFieldTouched(name);
      const body = {
        version: employee.version,
        name: touched("name") ? entry.name.trim() : undefined,
        phone: touched("phone") ? (entry.phone ?? "").trim() : undefined,
        hired_on: touched("hired_on") ? entry.hired_on.format("YYYY-MM-DD") : undefined,
        region: touched("region") ? entry.region : undefined,
        department: touched("department") ? entry.department : undefined,
        position: touched("position") ? entry.position : undefined,
        wage_fen: touched("wage") && entry.wage ? (fen(String(entry.wage)) ?? undefined) : undefined,
      };
      return unwrap<Employee>(client.PATCH("/api/v1/employees/{id}", { params: { path: { id: employee.id } }, body }));
    },
    onSuccess: () => {
      message.success(t("edit.done"));
      void queries.invalidateQueries({ queryKey: ["employee", employee.id] });
      onClose();
    },
    onError: (error) => setRest(applyToForm(form, asProblem(error))),
  });
  const initial: Partial<Entry> = {
    name: employee.name,
    hired_on: dayjs(employee.hired_on),
    region: employee.region,
    department: employee.department,
    position: employee.position,
    wage: employee.wage_fen ? yuan(employee.wage_fen).replaceAll(",", "") : undefined,
  };
  return (
    <Modal open title={t("edit")} onCancel={onClose} okText={t("save")} okButtonProps={{ loading: save.isPending }} onOk={() => form.submit()}>
      <Form<Entry> form={form} layout="vertical" initialValues={initial} onFinish={(entry) => save.mutate(entry)}>
        <div className="grid-form">
          <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true, message: t("missing") }]}>
            <Input maxLength={50} />
          </Form.Item>
          <Form.Item name="phone" label={t("phone")} extra={employee.phone_masked && t("phone.now", { phone: employee.phone_masked })}>
            <Input maxLength={11} inputMode="numeric" />
          </Form.Item>
          <Form.Item name="hired_on" label={t("hiredOn")} rules={[{ required: true, message: t("missing") }]}>
            <DatePicker style={{ width: "100%" }} allowClear={false} />
          </Form.Item>
          <Form.Item name="region" label={t("city")}>
            <Select options={regionOptions()} />
          </Form.Item>
          <Form.Item name="department" label={t("department")}>
            <Input maxLength={50} />
          </Form.Item>
          <Form.Item name="position" label={t("position")}>
            <Input maxLength={50} />
          </Form.Item>
          <Form.Item name="wage" label={t("wage")}>
            <InputNumber<string> stringMode min="0" precision={2} controls={false} style={{ width: "100%" }} autoFocus={focus === "wage"} />
          </Form.Item>
        </div>
        <WageNote wage={touchedWage ? wage : undefined} region={region} on={hiredOn && later(hiredOn.format("YYYY-MM-DD"), today())} />
        {save.isError && <ProblemNote error={save.error} findings={rest} />}
      </Form>
    </Modal>
  );
}
