import { App, Button, Form, Input, Modal, Popconfirm, Tree, type TreeDataNode } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Department } from "../../api/types";
import { Panel } from "../../shared/bits";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { tree } from "./tree";

/** The departments as a tree; renaming takes everyone in them along. */
export function Departments({ edits }: { edits: boolean }) {
  const { t } = useTranslation("company");
  const [open, setOpen] = useState<{ from?: string; above?: string } | null>(null);
  const query = useQuery({
    queryKey: ["departments"],
    queryFn: ({ signal }) => unwrap<Department[]>(client.GET("/api/v1/departments", { signal })),
  });
  return (
    <Panel title={t("departments")} extra={edits && <Button onClick={() => setOpen({})}>{t("department.add")}</Button>}>
      <QueryView query={query}>
        {(departments) =>
          departments.length === 0 ? (
            <EmptyState title={t("department.none")} />
          ) : (
            <Tree
              blockNode
              defaultExpandAll
              selectable={false}
              treeData={tree(departments) as TreeDataNode[]}
              titleRender={(node) => <Line path={String(node.key)} departments={departments} edits={edits} onOpen={setOpen} />}
            />
          )
        }
      </QueryView>
      {open && <DepartmentDialog {...open} onClose={() => setOpen(null)} />}
    </Panel>
  );
}

function Line({
  path,
  departments,
  edits,
  onOpen,
}: {
  path: string;
  departments: Department[];
  edits: boolean;
  onOpen: (open: { from?: string; above?: string }) => void;
}) {
  const { t } = useTranslation("company");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const people = departments.find((one) => one.path === path)?.people ?? 0;
  const remove = useMutation({
    mutationFn: () => unwrap<Department[]>(client.POST("/api/v1/departments/remove", { body: { path } })),
    onSuccess: (fresh) => queries.setQueryData(["departments"], fresh),
    onError: (error) => message.error(error.message || t("department.removeFailed")),
  });
  return (
    <span className="row between">
      <span>
        {path.slice(path.lastIndexOf("/") + 1)} <span className="soft small num">{t("department.people", { n: people })}</span>
      </span>
      {edits && (
        <span className="row">
          <Button type="link" size="small" onClick={() => onOpen({ above: path })}>
            {t("department.below")}
          </Button>
          <Button type="link" size="small" onClick={() => onOpen({ from: path })}>
            {t("department.rename")}
          </Button>
          <Popconfirm title={t("department.remove.sure")} onConfirm={() => remove.mutate()}>
            <Button type="link" size="small" danger loading={remove.isPending}>
              {t("department.remove")}
            </Button>
          </Popconfirm>
        </span>
      )}
    </span>
  );
}

function DepartmentDialog({ from, above, onClose }: { from?: string; above?: string; onClose: () => void }) {
  const { t } = useTranslation("company");
  const queries = useQueryClient();
  const [form] = Form.useForm<{ path: string }>();
  const save = useMutation({
    mutationFn: ({ path }: { path: string }) =>
      from
        ? unwrap<Department[]>(client.PATCH("/api/v1/departments", { body: { from, to: path } }))
        : unwrap<Department[]>(client.POST("/api/v1/departments", { body: { path } })),
    onSuccess: (fresh) => {
      queries.setQueryData(["departments"], fresh);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t(from ? "department.rename" : "department.add")}
      okText={t("save")}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" initialValues={{ path: from ?? (above ? `${above}/` : "") }} onFinish={(entry) => save.mutate(entry)}>
        <Form.Item name="path" label={t("department.path")} extra={t("department.path.note")} rules={[{ required: true, message: t("missing") }]}>
          <Input maxLength={60} />
        </Form.Item>
        {save.isError && <ProblemNote error={save.error} />}
      </Form>
    </Modal>
  );
}
