import { Button, Form, Select } from "antd";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import { applyToForm, asProblem } from "../../api/problem";
import type { Finding } from "../../api/types";
import { PageHead, Panel } from "../../shared/bits";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";
import { CalculationField } from "./CalculationField";
import { ResultView } from "./ResultView";
import { exampleOf, toInputs, type Calculation, type CalculationResult, type Inputs } from "./types";
import { addTexts } from "../../shared/i18n";
import en from "./en.json";
import zh from "./zh-CN.json";

addTexts("calculations", { "zh-CN": zh, en });

/** Every calculation the server offers, with a form made from its description and the steps of the result. */
export function CalculationsPage() {
  const { t } = useTranslation("calculations");
  const [state, setState] = useUrlState(["kind"] as const);
  const catalogue = useQuery({
    queryKey: ["calculations"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/calculations", { signal })) as Promise<Calculation[]>,
    staleTime: Infinity,
  });
  return (
    <div className="stack">
      <PageHead title={t("title")} lead={t("lead")} />
      <QueryView query={catalogue}>
        {(items) => {
          const chosen = items.find((one) => one.name === state.kind) ?? items.find((one) => one.name === "contribution") ?? items[0];
          if (!chosen) return <EmptyState title={t("none")} />;
          return (
            <>
              <Select
                aria-label={t("kind")}
                value={chosen.name}
                onChange={(kind) => setState({ kind })}
                options={items.map((one) => ({ value: one.name, label: words(one) }))}
                showSearch={{ optionFilterProp: "label" }}
                style={{ width: 360, maxWidth: "100%" }}
              />
              <Calculator key={chosen.name} calculation={chosen} />
            </>
          );
        }}
      </QueryView>
    </div>
  );
}

function Calculator({ calculation }: { calculation: Calculation }) {
  const { t } = useTranslation("calculations");
  const [form] = Form.useForm<Inputs>();
  const [rest, setRest] = useState<Finding[]>([]);
  const run = useMutation({
    mutationFn: (values: Inputs) =>
      unwrap(
        client.POST("/api/v1/calculations/{kind}", { params: { path: { kind: calculation.name } }, body: toInputs(values) }),
      ) as Promise<CalculationResult>,
    onError: (error) => setRest(applyToForm(form, asProblem(error))),
  });
  const example = exampleOf(calculation);
  return (
    <div className="calculator">
      <Panel title={words(calculation)}>
        <Form<Inputs> form={form} layout="vertical" initialValues={example} onFinish={(values) => run.mutate(values)}>
          <div className="grid-form">
            {calculation.fields.map((field) => (
              <CalculationField key={field.name} field={field} example={example[field.name]} />
            ))}
          </div>
          {run.isError && (asProblem(run.error).findings.length === 0 || rest.length > 0) && <ProblemNote error={run.error} findings={rest} />}
          <div className="row" style={{ marginTop: 8 }}>
            <Button type="primary" htmlType="submit" loading={run.isPending}>
              {t("run")}
            </Button>
            <span className="soft small">{t("example")}</span>
          </div>
        </Form>
      </Panel>
      <Panel title={t("result")}>
        <div aria-live="polite">{run.data ? <ResultView result={run.data} /> : <EmptyState title={t("result.none")} />}</div>
      </Panel>
    </div>
  );
}
