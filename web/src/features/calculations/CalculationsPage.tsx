import { Button, Form, Select } from "antd";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { applyToForm, asProblem } from "../../api/problem";
import type { Finding, Page } from "../../api/types";
import { PageHead, Panel } from "../../shared/bits";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";
import { CalculationField, toBody } from "./CalculationField";
import { ResultView } from "./ResultView";
import type { Calculation, CalculationResult } from "./types";

/** Every calculation the server offers, with a form made from its description and the steps of the result. */
export function CalculationsPage() {
  const { t } = useTranslation("calculations");
  const [state, setState] = useUrlState(["kind"] as const);
  const catalogue = useQuery({
    queryKey: ["calculations"],
    queryFn: ({ signal }) => unwrap<Page<Calculation>>(client.GET("/api/v1/calculations", { signal })),
    staleTime: Infinity,
  });
  return (
    <div className="stack">
      <PageHead title={t("title")} lead={t("lead")} />
      <QueryView query={catalogue}>
        {({ items }) => {
          const chosen = items.find((one) => one.kind === state.kind) ?? items[0];
          if (!chosen) return <EmptyState title={t("none")} />;
          return (
            <>
              <Select
                aria-label={t("kind")}
                value={chosen.kind}
                onChange={(kind) => setState({ kind })}
                options={items.map((one) => ({ value: one.kind, label: words(one.name) }))}
                showSearch={{ optionFilterProp: "label" }}
                style={{ width: 360, maxWidth: "100%" }}
              />
              <Calculator key={chosen.kind} calculation={chosen} />
            </>
          );
        }}
      </QueryView>
    </div>
  );
}

function Calculator({ calculation }: { calculation: Calculation }) {
  const { t } = useTranslation("calculations");
  const [form] = Form.useForm<Record<string, unknown>>();
  const [rest, setRest] = useState<Finding[]>([]);
  const run = useMutation({
    mutationFn: (values: Record<string, unknown>) =>
      unwrap<CalculationResult>(
        client.POST("/api/v1/calculations/{kind}", {
          params: { path: { kind: calculation.kind } },
          body: toBody(calculation.fields, values),
        }),
      ),
    onError: (error) => setRest(applyToForm(form, asProblem(error))),
  });
  const initial = Object.fromEntries(calculation.fields.filter((field) => field.default !== undefined).map((field) => [field.key, field.default]));
  return (
    <div className="calculator">
      <Panel title={words(calculation.name)}>
        {calculation.description && <p className="soft" style={{ marginBottom: 12 }}>{words(calculation.description)}</p>}
        <Form form={form} layout="vertical" initialValues={initial} onFinish={(values) => run.mutate(values)}>
          <div className="grid-form">
            {calculation.fields.map((field) => (
              <CalculationField key={field.key} field={field} />
            ))}
          </div>
          {run.isError && <ProblemNote error={run.error} findings={rest.length > 0 ? rest : undefined} />}
          <Button type="primary" htmlType="submit" loading={run.isPending} style={{ marginTop: 8 }}>
            {t("run")}
          </Button>
        </Form>
      </Panel>
      <Panel title={t("result")}>
        <div aria-live="polite">{run.data ? <ResultView result={run.data} /> : <EmptyState title={t("result.none")} />}</div>
      </Panel>
    </div>
  );
}
