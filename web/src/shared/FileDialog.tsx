import { Form, Modal, type FormInstance } from "antd";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { applyToForm, asProblem } from "../api/problem";
import type { Finding } from "../api/types";
import { ProblemNote } from "./states";

interface Props<T extends object> {
  title: string;
  okText?: string;
  initial?: Partial<T>;
  submit: (entry: T, form: FormInstance<T>) => Promise<unknown>;
  onDone: () => void;
  onClose: () => void;
  children: ReactNode | ((form: FormInstance<T>) => ReactNode);
}

/** A small form in a dialog: refusals stand beside their fields, the others below. */
export function FileDialog<T extends object>({ title, okText, initial, submit, onDone, onClose, children }: Props<T>) {
  const { t } = useTranslation();
  const [form] = Form.useForm<T>();
  const [rest, setRest] = useState<Finding[]>([]);
  const save = useMutation({
    mutationFn: (entry: T) => submit(entry, form),
    onSuccess: () => {
      onDone();
      onClose();
    },
    onError: (error) => setRest(applyToForm(form, asProblem(error))),
  });
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      okText={okText ?? t("save")}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form<T> form={form} layout="vertical" initialValues={initial} onFinish={(entry) => save.mutate(entry)}>
        <div className="grid-form">{typeof children === "function" ? children(form) : children}</div>
        {save.isError && <ProblemNote error={save.error} findings={rest} />}
      </Form>
    </Modal>
  );
}
