import { DatePicker, Form, Input, InputNumber, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { StopReason } from "../../api/types";
import { today } from "../../shared/dates";
import { fen } from "../../shared/money";
import { regionOptions } from "../../shared/regions";
import { DepartmentInput } from "./DepartmentSelect";
import { FileDialog } from "../../shared/FileDialog";

interface Props {
  id: string;
  onDone: () => void;
  onClose: () => void;
}

const REASONS: StopReason[] = ["resigned", "dismissed", "contract_ended", "retired", "died", "moved", "other"];

export function LeaveDialog({ id, onDone, onClose }: Props) {
  const { t } = useTranslation("employees");
  return (
    <FileDialog<{ left_on: Dayjs; reason: StopReason; note?: string }>
      title={t("leave")}
      initial={{ left_on: dayjs(today()), reason: "resigned" }}
      onDone={onDone}
      onClose={onClose}
      submit={(entry) => {
        const body = { left_on: entry.left_on.format("YYYY-MM-DD"), reason: entry.reason, note: entry.note };
        return unwrap(client.POST("/api/v1/employees/{id}/leave", { params: { path: { id } }, body }));
      }}
    >
      <Form.Item name="left_on" label={t("leftOn")} extra={t("leftOn.last")} rules={[{ required: true, message: t("missing") }]}>
        <DatePicker style={{ width: "100%" }} allowClear={false} />
      </Form.Item>
      <Form.Item name="reason" label={t("leaveReason")}>
        <Select options={REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))} />
      </Form.Item>
      <Form.Item name="note" label={t("note")}>
        <Input maxLength={500} />
      </Form.Item>
    </FileDialog>
  );
}

export function RehireDialog({ id, onDone, onClose }: Props) {
  const { t } = useTranslation("employees");
  return (
    <FileDialog<{ hired_on: Dayjs; region: string; department?: string; position?: string; wage: string }>
      title={t("rehire")}
      initial={{ hired_on: dayjs(today()) }}
      onDone={onDone}
      onClose={onClose}
      submit={(entry) => {
        const body = {
          hired_on: entry.hired_on.format("YYYY-MM-DD"),
          region: entry.region,
          department: entry.department ?? "",
          position: entry.position ?? "",
          wage_fen: fen(entry.wage) ?? 0,
        };
        return unwrap(client.POST("/api/v1/employees/{id}/rehire", { params: { path: { id } }, body }));
      }}
    >
      <Form.Item name="hired_on" label={t("hiredOn")} rules={[{ required: true, message: t("missing") }]}>
        <DatePicker style={{ width: "100%" }} allowClear={false} />
      </Form.Item>
      <Form.Item name="region" label={t("city")} rules={[{ required: true, message: t("missing") }]}>
        <Select options={regionOptions()} />
      </Form.Item>
      <Form.Item name="department" label={t("department")}>
        <DepartmentInput />
      </Form.Item>
      <Form.Item name="position" label={t("position")}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="wage" label={t("wage")} rules={[{ required: true, message: t("missing") }]}>
        <InputNumber<string> stringMode min="0" precision={2} controls={false} style={{ width: "100%" }} />
      </Form.Item>
    </FileDialog>
  );
}

export function LoginDialog({ id, onDone, onClose }: Props) {
  const { t } = useTranslation("employees");
  return (
    <FileDialog<{ username: string; password: string }>
      title={t("login.create")}
      onDone={onDone}
      onClose={onClose}
      submit={(entry) => unwrap(client.POST("/api/v1/employees/{id}/login", { params: { path: { id } }, body: entry }))}
    >
      <Form.Item name="username" label={t("login.username")} rules={[{ required: true, message: t("missing") }]}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item name="password" label={t("login.password")} extra={t("login.password.note")} rules={[{ required: true, message: t("missing") }]}>
        <Input.Password maxLength={100} autoComplete="new-password" />
      </Form.Item>
    </FileDialog>
  );
}
