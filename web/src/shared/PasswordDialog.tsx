import { App, Form, Input, Modal } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../api/client";
import { ProblemNote } from "./states";

interface Entry {
  old: string;
  new: string;
  again: string;
}

/** Changes one's own password; `forced` when the old one has expired and nothing else is allowed. */
export function PasswordDialog({ open, forced, onClose }: { open: boolean; forced: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Entry>();
  const change = useMutation({
    mutationFn: (entry: Entry) => unwrap(client.POST("/api/v1/sessions/current/password", { body: { old: entry.old, new: entry.new } })),
    onSuccess: () => {
      message.success(t("password.done"));
      void queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Modal
      open={open}
      title={t("password.title")}
      closable={!forced}
      mask={{ closable: !forced }}
      keyboard={!forced}
      onCancel={onClose}
      cancelButtonProps={{ style: forced ? { display: "none" } : undefined }}
      okText={t("save")}
      okButtonProps={{ loading: change.isPending }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      {forced && <p className="soft">{t("password.expired")}</p>}
      <Form<Entry> form={form} layout="vertical" preserve={false} requiredMark={false} onFinish={(entry) => change.mutate(entry)}>
        <Form.Item name="old" label={t("password.old")} rules={[{ required: true, message: t("password.missing") }]}>
          <Input.Password autoComplete="current-password" maxLength={128} />
        </Form.Item>
        <Form.Item name="new" label={t("password.new")} rules={[{ required: true, message: t("password.missing") }]}>
          <Input.Password autoComplete="new-password" maxLength={128} />
        </Form.Item>
        <Form.Item
          name="again"
          label={t("password.again")}
          dependencies={["new"]}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value) => (value === getFieldValue("new") ? Promise.resolve() : Promise.reject(new Error(t("password.differs")))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={128} />
        </Form.Item>
      </Form>
      {change.isError && <ProblemNote error={change.error} />}
    </Modal>
  );
}
