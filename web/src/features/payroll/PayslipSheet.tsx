import { CheckCircleOutlined } from "@ant-design/icons";
import { Alert, Collapse } from "antd";
import { useTranslation } from "react-i18next";
import { Money } from "../../shared/bits";
import { FindingList } from "../../shared/FindingList";
import { words } from "../../shared/words";
import { grouped, stepsOf, type Payslip, type SlipLine, type SlipStep } from "./model";

/** A payslip whose lines open their explanation: figures, rule and the law of its day. */
export function PayslipSheet({ slip }: { slip: Payslip }) {
  const { t } = useTranslation("payroll");
  return (
    <div className="stack">
      <div className="tiles">
        <div className="tile">
          <div className="soft">{t("gross")}</div>
          <strong style={{ fontSize: 20 }}>
            <Money fen={slip.gross} />
          </strong>
        </div>
        <div className="tile">
          <div className="soft">{t("net")}</div>
          <strong style={{ fontSize: 20 }}>
            <Money fen={slip.net} />
          </strong>
        </div>
      </div>
      {slip.kind === "difference" && <Alert type="info" showIcon title={t("difference.note")} />}
      {slip.findings.length > 0 && <FindingList findings={slip.findings} showRule={false} />}
      {grouped(slip.lines).map(({ group, lines }) => (
        <section key={group}>
          <h3 style={{ margin: "0 0 6px" }}>{t(`group.${group}`)}</h3>
          <Collapse
            size="small"
            items={lines.map((line, index) => ({
              key: `${line.code}-${index}`,
              label: <LineHead line={line} />,
              children: <Steps steps={stepsOf(slip, line)} basis={line.basis} />,
            }))}
          />
        </section>
      ))}
      <p className="soft small" style={{ margin: 0 }}>
        {slip.replays && <CheckCircleOutlined style={{ color: "var(--ant-color-success)", marginInlineEnd: 4 }} />}
        {t(slip.replays ? "replays" : "replays.not", { law: slip.law })}
      </p>
    </div>
  );
}

function LineHead({ line }: { line: SlipLine }) {
  const { t } = useTranslation("payroll");
  return (
    <div style={{ display: "flex", justifyContent: "space-between", gap: 12 }}>
      <span>
        {line.name}
        {line.for_month && <span className="soft">{t("forMonth", { month: line.for_month })}</span>}
      </span>
      <Money fen={line.amount} />
    </div>
  );
}

function Steps({ steps, basis }: { steps: SlipStep[]; basis: string }) {
  const { t } = useTranslation("payroll");
  return (
    <div className="stack tight">
      {steps.map((step, index) => (
        <div key={index}>
          <div>
            <strong>{words(step.title)}</strong> <span className="num">{step.result}</span>
          </div>
          <div className="small" style={{ overflowWrap: "anywhere" }}>
            {step.figures}
          </div>
          {step.sources.map((source, n) => (
            <div key={n} className="soft small">
              {source.url ? (
                <a className="inline" href={source.url} target="_blank" rel="noopener noreferrer">
                  {source.citation}
                </a>
              ) : (
                source.citation
              )}
              {t("since", { from: source.from, confidence: source.confidence })}
            </div>
          ))}
        </div>
      ))}
      {basis && <div className="soft small">{t("basis", { basis })}</div>}
    </div>
  );
}
