import { useTranslation } from "react-i18next";
import { SourceLine } from "../../shared/Source";
import { yuan } from "../../shared/money";
import { words } from "../../shared/words";
import type { CalculationResult, Step } from "./types";

/** The amounts, and why: each step with its figures and the source of every value it used. */
export function ResultView({ result }: { result: CalculationResult }) {
  const { t } = useTranslation("calculations");
  return (
    <div className="stack">
      {result.lines && (
        <div className="scroll-x">
          <table className="plain-table" data-testid="lines">
            <tbody>
              {result.lines.map((line) => (
                <tr key={line.key}>
                  <th scope="row">{words(line.label)}</th>
                  <td className="r">
                    <strong>{line.amount_fen === undefined ? line.value : yuan(line.amount_fen)}</strong>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <h3 style={{ fontSize: 14 }}>{t("why")}</h3>
      <ol className="plain lines">
        {result.steps.map((step, index) => (
          <li key={index} style={{ display: "block" }}>
            <StepView step={step} />
          </li>
        ))}
      </ol>
      {result.law && <p className="soft small mono">{t("law", { law: result.law })}</p>}
    </div>
  );
}

function StepView({ step }: { step: Step }) {
  return (
    <>
      <div className="row between">
        <span style={{ fontWeight: 500 }}>{words(step.title)}</span>
        <strong className="num">{step.result}</strong>
      </div>
      <div className="num" style={{ overflowWrap: "anywhere" }}>
        {step.figures}
      </div>
      {step.sources.map((cited, index) => (
        <div key={index} className="soft small">
          <SourceLine source={cited.source} />
        </div>
      ))}
    </>
  );
}
