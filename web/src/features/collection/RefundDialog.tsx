import { Form, Input, Modal } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import { yuan } from "../../shared/money";
import { ProblemNote } from "../../shared/states";

interface Props {
  source: "suspense" | "order";
  sourceId: string;
  amountFen: number;
  payee: string;
  onClose: () => void;
}

interface Fields {
  payee_name: string;
  bank_name: string;
  account: string;
  reason: string;
}

/** Proposes to pay money back; two other people decide. */
export function RefundDialog({ source, sourceId, amountFen, payee, onClose }: Props) {
  const { t } = useTranslation("collection");
  const [form] = Form.useForm<Fields>();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const propose = useMutation({
    mutationFn: (fields: Fields) => unwrap(client.POST("/api/v1/collection/refunds", { body: { source, source_id: sourceId, ...fields } })),
    onSuccess: (detail) => {
      void queries.invalidateQueries({ queryKey: ["suspense"] });
      void navigate(`/cases/${detail.case.id}`);
    },
  });
  const rules = [{ required: true, message: t("refund.required") }];
  return (
    <Modal
      open
      title={t("refund.propose")}
      okText={t("refund.submit")}
      okButtonProps={{ loading: propose.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p>{t("refund.note", { amount: yuan(amountFen) })}</p>
      <Form<Fields> form={form} layout="vertical" initialValues={{ payee_name: payee }} onFinish={(fields) => propose.mutate(fields)}>
        <Form.Item name="payee_name" label={t("refund.payee")} rules={rules}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="bank_name" label={t("refund.bank")} rules={rules}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="account" label={t("refund.account")} rules={[{ required: true, pattern: /^\d{8,32}$/, message: t("refund.account.rule") }]}>
          <Input inputMode="numeric" maxLength={32} autoComplete="off" />
        </Form.Item>
        <Form.Item name="reason" label={t("reason")} rules={rules}>
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      </Form>
      {propose.isError && <ProblemNote error={propose.error} />}
    </Modal>
  );
}
