import { Button, Form, Input } from "antd";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { PersonHit } from "../../api/types";
import { PageHead, Panel } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { normaliseId } from "../../shared/id-number";
import { EmptyState, ProblemNote } from "../../shared/states";

/** A number is searched as one, anything else as a name. */
function toQuestion(text: string): { id_number: string } | { name: string } {
  const id = normaliseId(text);
  return /^\d{17}[\dX]$/.test(id) ? { id_number: id } : { name: text.trim() };
}

export function PersonsPage() {
  const { t } = useTranslation("persons");
  const search = useMutation({
    mutationFn: (text: string) => unwrap<PersonHit[]>(client.POST("/api/v1/agency/persons/search", { body: toQuestion(text) })),
  });
  return (
    <div className="stack">
      <PageHead title={t("title")} lead={t("lead")} />
      <Panel>
        <Form layout="vertical" onFinish={({ text }: { text: string }) => search.mutate(text)} requiredMark={false}>
          <Form.Item
            name="text"
            label={t("who.label")}
            rules={[{ required: true, whitespace: true, min: 2, message: t("who.missing") }]}
            style={{ marginBottom: 12 }}
          >
            <Input maxLength={60} autoFocus autoComplete="off" />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={search.isPending}>
            {t("search")}
          </Button>
        </Form>
      </Panel>
      {search.isError && <ProblemNote error={search.error} />}
      {search.data && (
        <DataTable<PersonHit>
          id="persons"
          label={t("title")}
          rows={search.data}
          total={search.data.length}
          rowKey={(one) => one.id}
          empty={<EmptyState title={t("none")}>{t("none.body")}</EmptyState>}
          columns={[
            { key: "name", title: t("name"), primary: true, render: (one) => <Link to={`/persons/${one.id}`}>{one.name}</Link> },
            { key: "id", title: t("idNumber"), render: (one) => <span className="mono">{one.id_masked}</span> },
            { key: "birth", title: t("birthDate"), render: (one) => <span className="num">{one.birth_date ?? "—"}</span> },
          ]}
        />
      )}
    </div>
  );
}
