import { DeleteOutlined, DownloadOutlined, PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { Button, DatePicker, Input, InputNumber, Upload } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { PageHead, Panel } from "../../shared/bits";
import { ProblemNote, QueryView } from "../../shared/states";
import { fen } from "../../shared/money";
import { useDeclare, useReadFile, useUnit, type UnitDetail } from "./api";
import { blank, fromFile, toSend, type Typed } from "./lines";

/** How many lines the form shows; a longer file is sent whole all the same. */
const SHOWN_MAX = 200;

/** A declaration entered at the counter, by hand or from a file. */
export function DeclarePage() {
  const { id = "" } = useParams();
  return <QueryView query={useUnit(id)}>{(unit) => <Form detail={unit} />}</QueryView>;
}

function Form({ detail: { unit } }: { detail: UnitDetail }) {
  const { t } = useTranslation("assessment");
  const navigate = useNavigate();
  const declare = useDeclare();
  const [month, setMonth] = useState(dayjs());
  const [injury, setInjury] = useState<number | null>(unit.injury_class ?? null);
  const [expected, setExpected] = useState("");
  const [lines, setLines] = useState<Typed[]>([blank(0)]);
  const ready = toSend(lines);
  const expectedFen = expected.trim() ? fen(expected) : 0;
  const send = () =>
    ready &&
    declare.mutate(
      { employer_id: unit.employer_id, month: month.format("YYYY-MM"), industry_class: injury, expected_fen: expectedFen ?? 0, lines: ready },
      { onSuccess: (made) => void navigate(`/cases/${made.case.id}`) },
    );
  return (
    <div className="stack">
      <PageHead title={t("declare")} lead={unit.name} back={{ to: `/units/${unit.employer_id}`, label: unit.name }} />
      <Panel title={t("declare.about")}>
        <div className="row">
          <label>
            {t("month")}{" "}
            <DatePicker
              picker="month"
              value={month}
              allowClear={false}
              disabledDate={(day) => day.isAfter(dayjs(), "month")}
              onChange={(day) => day && setMonth(day)}
            />
          </label>
          <label>
            {t("unit.class")} <InputNumber min={1} max={8} value={injury} onChange={setInjury} />
          </label>
          <label>
            {t("declare.expected")}{" "}
            <Input value={expected} inputMode="decimal" style={{ width: 140 }} onChange={(event) => setExpected(event.target.value)} />
          </label>
        </div>
      </Panel>
      <Panel title={t("declare.lines", { n: ready?.length ?? lines.length })} extra={<FileTools onLines={setLines} />}>
        <Lines lines={lines} onChange={setLines} />
      </Panel>
      {declare.isError && <ProblemNote error={declare.error} />}
      <div className="row">
        <Button type="primary" loading={declare.isPending} disabled={!ready?.length || expectedFen === null} onClick={send}>
          {t("declare.save")}
        </Button>
        <span className="soft small">{t("declare.note")}</span>
      </div>
    </div>
  );
}

function FileTools({ onLines }: { onLines: (lines: Typed[]) => void }) {
  const { t } = useTranslation("assessment");
  const read = useReadFile();
  return (
    <div className="stack tight">
      <div className="row">
        <Button size="small" icon={<DownloadOutlined />} href="/api/v1/agency/declarations/template.csv" download>
          {t("declare.template")}
        </Button>
        <Upload
          accept=".csv,.xlsx"
          showUploadList={false}
          beforeUpload={(file) => {
            read.mutate(file, { onSuccess: ({ lines }) => onLines(fromFile(lines)) });
            return false;
          }}
        >
          <Button size="small" icon={<UploadOutlined />} loading={read.isPending}>
            {t("declare.file")}
          </Button>
        </Upload>
      </div>
      {read.isError && <ProblemNote error={read.error} />}
    </div>
  );
}

function Lines({ lines, onChange }: { lines: Typed[]; onChange: (lines: Typed[]) => void }) {
  const { t } = useTranslation("assessment");
  const set = (key: number, change: Partial<Typed>) => onChange(lines.map((line) => (line.key === key ? { ...line, ...change } : line)));
  const next = Math.max(-1, ...lines.map((line) => line.key)) + 1;
  return (
    <div className="stack tight">
      {lines.slice(0, SHOWN_MAX).map((line, index) => (
        <div className="row" key={line.key}>
          <span className="num soft" style={{ minWidth: 28 }}>
            {index + 1}
          </span>
          <Input
            aria-label={t("idNumber")}
            placeholder={t("idNumber")}
            value={line.id_number}
            maxLength={18}
            style={{ width: 200 }}
            className="mono"
            onChange={(event) => set(line.key, { id_number: event.target.value })}
          />
          <Input
            aria-label={t("name")}
            placeholder={t("name")}
            value={line.name}
            maxLength={60}
            style={{ width: 120 }}
            onChange={(event) => set(line.key, { name: event.target.value })}
          />
          <Input
            aria-label={t("wage")}
            placeholder={t("wage")}
            value={line.wage}
            inputMode="decimal"
            style={{ width: 120 }}
            status={line.wage.trim() && fen(line.wage) === null ? "error" : undefined}
            onChange={(event) => set(line.key, { wage: event.target.value })}
          />
          <Input
            aria-label={t("hiredOn")}
            placeholder={t("hiredOn")}
            value={line.hired_on}
            maxLength={10}
            style={{ width: 130 }}
            onChange={(event) => set(line.key, { hired_on: event.target.value })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t("declare.remove", { n: index + 1 })}
            disabled={lines.length === 1}
            onClick={() => onChange(lines.filter((other) => other.key !== line.key))}
          />
        </div>
      ))}
      {lines.length > SHOWN_MAX && <div className="soft">{t("declare.more", { n: lines.length - SHOWN_MAX })}</div>}
      <div>
        <Button icon={<PlusOutlined />} onClick={() => onChange([...lines, blank(next)])}>
          {t("declare.add")}
        </Button>
      </div>
    </div>
  );
}
