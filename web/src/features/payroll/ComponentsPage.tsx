import { PlusOutlined } from "@ant-design/icons";
import { Alert, Button, Checkbox, Input, InputNumber, Select } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Finding } from "../../api/types";
import { Money, PageHead, Panel } from "../../shared/bits";
import { FindingList } from "../../shared/FindingList";
import { useDebounced } from "../../shared/hooks";
import { ProblemNote, QueryView } from "../../shared/states";
import { words } from "../../shared/words";
import { freshCode, recentMonths, type Component, type Scheme, type SlipLine } from "./model";

/** The components of pay: formulas checked while typing, tried on one person before they are saved. */
export function ComponentsPage() {
  const { t } = useTranslation("payroll");
  const query = useQuery({
    queryKey: ["payroll", "components"],
    queryFn: ({ signal }) => unwrap<Scheme>(client.GET("/api/v1/payroll/components", { signal })),
  });
  return (
    <div className="stack">
      <PageHead title={t("components")} lead={t("components.lead")} back={{ to: "/payroll", label: t("title") }} />
      <QueryView query={query}>{(scheme) => <Editor key={scheme.version} scheme={scheme} />}</QueryView>
    </div>
  );
}

function Editor({ scheme }: { scheme: Scheme }) {
  const { t } = useTranslation("payroll");
  const queries = useQueryClient();
  const [components, setComponents] = useState(scheme.components);
  const [proration, setProration] = useState(scheme.proration);
  const may = scheme.allowed_actions.includes("edit");
  const save = useMutation({
    mutationFn: () => unwrap(client.PUT("/api/v1/payroll/components", { body: { components, proration, version: scheme.version } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["payroll", "components"] }),
  });
  const change = (index: number, next: Partial<Component>) =>
    setComponents((all) => all.map((one, at) => (at === index ? { ...one, ...next } : one)));
  const fresh = (): Component => ({
    code: freshCode(components),
    name: t("component.new"),
    kind: "earning",
    formula: "录入",
    tax: "taxed",
    counts_to_base: true,
    prorated: false,
    basis: "",
    active: true,
  });
  return (
    <>
      <Panel title={t("proration")}>
        <Select
          aria-label={t("proration")}
          value={proration}
          disabled={!may}
          onChange={setProration}
          style={{ maxWidth: "100%", width: 420 }}
          options={(["scheduled", "law_days"] as const).map((value) => ({ value, label: t(`proration.${value}`) }))}
        />
      </Panel>
      {components.map((component, index) => (
        <Panel key={component.code} title={component.name}>
          <ComponentForm component={component} disabled={!may} onChange={(next) => change(index, next)} />
        </Panel>
      ))}
      <Panel title={t("names")}>
        <p className="soft small">{t("names.note")}</p>
        <div className="row" style={{ flexWrap: "wrap" }}>
          {scheme.names.map((name) => (
            <code key={name.name} title={name.meaning}>
              {name.name}
              {name.function ? "(…)" : ""}
            </code>
          ))}
        </div>
      </Panel>
      {may && (
        <>
          <Panel title={t("try")}>
            <Trial components={components} proration={proration} />
          </Panel>
          <div className="row">
            <Button icon={<PlusOutlined />} onClick={() => setComponents((all) => [...all, fresh()])}>
              {t("component.add")}
            </Button>
            <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
              {t("save")}
            </Button>
            {save.isSuccess && <span role="status">{t("saved")}</span>}
          </div>
          {save.isError && <ProblemNote error={save.error} />}
        </>
      )}
    </>
  );
}

function ComponentForm({ component, disabled, onChange }: { component: Component; disabled: boolean; onChange: (next: Partial<Component>) => void }) {
  const { t } = useTranslation("payroll");
  return (
    <div className="stack tight">
      <div className="row" style={{ flexWrap: "wrap" }}>
        <Input
          aria-label={t("component.name")}
          value={component.name}
          maxLength={20}
          disabled={disabled}
          onChange={(event) => onChange({ name: event.target.value })}
          style={{ width: 160 }}
        />
        <Select
          aria-label={t("component.kind")}
          value={component.kind}
          disabled={disabled}
          onChange={(kind) => onChange({ kind })}
          options={(["earning", "deduction", "note"] as const).map((value) => ({ value, label: t(`component.kind.${value}`) }))}
          style={{ width: 100 }}
        />
        <Select
          aria-label={t("component.tax")}
          value={component.tax}
          disabled={disabled}
          onChange={(tax) => onChange({ tax })}
          options={(["taxed", "free", "yearly_bonus"] as const).map((value) => ({ value, label: t(`component.tax.${value}`) }))}
          style={{ width: 170 }}
        />
        {(["counts_to_base", "prorated", "active"] as const).map((flag) => (
          <Checkbox key={flag} checked={component[flag]} disabled={disabled} onChange={(event) => onChange({ [flag]: event.target.checked })}>
            {t(`component.${flag}`)}
          </Checkbox>
        ))}
      </div>
      <FormulaField value={component.formula} disabled={disabled} onChange={(formula) => onChange({ formula })} />
      <Input
        aria-label={t("component.basis")}
        addonBefore={t("component.basis")}
        value={component.basis}
        maxLength={200}
        disabled={disabled}
        onChange={(event) => onChange({ basis: event.target.value })}
      />
    </div>
  );
}

interface Check {
  findings: Finding[];
  position?: number | null;
}

/** A formula with the server's opinion of it, asked a moment after the last key. */
function FormulaField({ value, disabled, onChange }: { value: string; disabled: boolean; onChange: (formula: string) => void }) {
  const { t } = useTranslation("payroll");
  const settled = useDebounced(value, 300);
  const check = useQuery({
    queryKey: ["payroll", "formula", settled],
    queryFn: ({ signal }) => unwrap<Check>(client.POST("/api/v1/payroll/components/check", { body: { formula: settled }, signal })),
    enabled: !disabled,
    staleTime: Infinity,
  });
  const bad = (check.data?.findings.length ?? 0) > 0;
  return (
    <div>
      <Input.TextArea
        aria-label={t("component.formula")}
        aria-invalid={bad}
        status={bad ? "error" : undefined}
        className="mono"
        autoSize
        value={value}
        maxLength={500}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
      />
      {bad && check.data && <FindingList findings={check.data.findings} />}
    </div>
  );
}

interface Tried {
  name: string;
  gross: number;
  net: number;
  lines: SlipLine[];
  findings: Finding[];
}

function Trial({ components, proration }: { components: Component[]; proration: Scheme["proration"] }) {
  const { t } = useTranslation("payroll");
  const [number, setNumber] = useState<number | null>(1);
  const month = recentMonths(new Date())[0] ?? "";
  const trial = useMutation({
    mutationFn: () => unwrap<Tried>(client.POST("/api/v1/payroll/components/try", { body: { components, proration, number: number ?? 0, month } })),
  });
  return (
    <div className="stack tight">
      <div className="row">
        <InputNumber aria-label={t("number")} prefix={t("number")} min={1} value={number} onChange={setNumber} style={{ width: 150 }} />
        <Button loading={trial.isPending} disabled={!number} onClick={() => trial.mutate()}>
          {t("try.run", { month })}
        </Button>
      </div>
      {trial.isError && <ProblemNote error={trial.error} />}
      {trial.data && (
        <>
          <Alert
            type="info"
            title={
              <span>
                {trial.data.name}：{t("gross")} <Money fen={trial.data.gross} />，{t("net")} <Money fen={trial.data.net} />
              </span>
            }
          />
          {trial.data.findings.length > 0 && <FindingList findings={trial.data.findings} />}
          <ul className="plain">
            {trial.data.lines.map((line, index) => (
              <li key={index} className="row" style={{ justifyContent: "space-between" }}>
                <span>{words(line.name)}</span>
                <Money fen={line.amount} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
