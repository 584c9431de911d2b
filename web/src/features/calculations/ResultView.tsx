import { useTranslation } from "react-i18next";
import { percent } from "../../shared/percent";
import { SourceLine } from "../../shared/Source";
import { words } from "../../shared/words";
import { useLabels } from "./labels";
import type { CalculationResult, Step } from "./types";

/** The answer, and why: each step with its figures and the source of every value it used. */
export function ResultView({ result }: { result: CalculationResult }) {
  const { t } = useTranslation("calculations");
  return (
    <div className="stack">
      <div data-testid="calculation-result">
        <Value value={result.result} />
      </div>
      <h3 style={{ fontSize: 14 }}>{t("why")}</h3>
      <ol className="plain lines">
        {result.explanation.map((step, index) => (
          <li key={index} style={{ display: "block" }}>
            <StepView step={step} />
          </li>
        ))}
      </ol>
      <p className="soft small mono">{t("law", { law: result.law })}</p>
    </div>
  );
}

/** A result of any shape: an object as label and value, a list of objects as a table. */
function Value({ value }: { value: unknown }) {
  const { t } = useTranslation("calculations");
  const labels = useLabels();
  if (Array.isArray(value)) {
    if (!value.every((row) => typeof row === "object" && row !== null))
      return <>{value.map((one) => grouped(labels.path(String(one)))).join("  ")}</>;
    const columns = [...new Set(value.flatMap((row) => Object.keys(row as object)))];
    return (
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t("result")}>
        <table className="plain-table">
          <thead>
            <tr>
              {columns.map((key) => (
                <th key={key} className={key === columns[0] ? undefined : "r"}>
                  {labels.name(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {value.map((row, index) => (
              <tr key={index}>
                {columns.map((key) => (
                  <td key={key} className={key === columns[0] ? undefined : "r"}>
                    <Value value={(row as Record<string, unknown>)[key]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    const plain = entries.filter(([, one]) => typeof one !== "object" || one === null);
    const deep = entries.filter(([, one]) => typeof one === "object" && one !== null);
    return (
      <div className="stack tight">
        {plain.length > 0 && (
          <table className="plain-table">
            <tbody>
              {plain.map(([key, one]) => (
                <tr key={key}>
                  <th scope="row">{labels.name(key)}</th>
                  <td className="r">
                    <strong>
                      <Value value={RATES.has(key) ? shareOf(one) : one} />
                    </strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {deep.map(([key, one]) => (
          <div key={key}>
            <div className="soft" style={{ fontWeight: 500, padding: "6px 12px 0" }}>
              {labels.name(key)}
            </div>
            <Value value={one} />
          </div>
        ))}
      </div>
    );
  }
  if (typeof value === "boolean") return <>{labels.word(String(value))}</>;
  if (typeof value === "string") return <>{grouped(labels.word(value))}</>;
  return <>{value === null || value === undefined ? "—" : String(value)}</>;
}

/** Results that are shares, which people read in per cent. */
const RATES = new Set(["rate", "ratio"]);

function shareOf(value: unknown): unknown {
  const share = typeof value === "string" ? percent(value) : undefined;
  return share === undefined ? value : `${share}%`;
}

/** "12345.60" → "12,345.60"; anything else as it is. */
function grouped(text: string): string {
  return /^-?\d+\.\d{2}$/.test(text) ? text.replace(/\B(?=(\d{3})+(?!\d)\.)/g, ",") : text;
}

function StepView({ step }: { step: Step }) {
  return (
    <>
      <div className="row between">
        <span style={{ fontWeight: 500 }}>{words(step.title)}</span>
        <strong className="num">{grouped(step.result)}</strong>
      </div>
      <div className="num" style={{ overflowWrap: "anywhere" }}>
        {step.figures}
      </div>
      {step.sources.map((cited, index) => (
        <div key={index} className="soft small">
          <SourceLine source={cited.source} />
          {cited.note && <div>{cited.note}</div>}
        </div>
      ))}
    </>
  );
}
