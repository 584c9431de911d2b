import {
  CheckCircleFilled,
  ClockCircleOutlined,
  ExclamationCircleFilled,
  MinusCircleOutlined,
  SyncOutlined,
  UploadOutlined,
} from "@ant-design/icons";
import { Button, Upload } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { client, fileBody, unwrap } from "../../api/client";
import type { BillImport, DeclarationView, MonthBoard, MonthStep, RegionMonth } from "../../api/types";
import { Money, PageHead, Panel } from "../../shared/bits";
import { MonthPicker, useOpeningMonth } from "../../shared/month";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { words } from "../../shared/words";

/** 社保月度: one card a region, its steps and the next act. */
export function MonthPage() {
  const { t } = useTranslation("declarations");
  const [filter, setFilter] = useUrlState(["month"] as const);
  const month = useOpeningMonth(filter.month, "declarations");
  const query = useQuery({
    queryKey: ["insurance-month", month],
    enabled: month !== undefined,
    queryFn: ({ signal }) => unwrap<MonthBoard>(client.GET("/api/v1/insurance-months/{month}", { params: { path: { month: month ?? "" } }, signal })),
    refetchInterval: 15_000,
  });
  return (
    <div className="stack">
      <PageHead
        title={t("month.title")}
        lead={t("month.lead")}
        actions={month && <MonthPicker month={month} label={t("period")} onChange={(chosen) => setFilter({ month: chosen })} />}
      />
      <QueryView query={query}>
        {(board) =>
          board.regions.length === 0 ? (
            <EmptyState title={t("month.none")} />
          ) : (
            <div className="stack">
              {board.regions.map((region) => (
                <RegionCard key={region.region} region={region} month={board.month} may={board.allowed_actions} />
              ))}
            </div>
          )
        }
      </QueryView>
    </div>
  );
}

const ICONS: Record<MonthStep["state"], ReactNode> = {
  done: <CheckCircleFilled style={{ color: "var(--ant-color-success)" }} />,
  current: <ClockCircleOutlined style={{ color: "var(--ant-color-primary)" }} />,
  away: <SyncOutlined style={{ color: "var(--ant-color-info)" }} />,
  waiting: <MinusCircleOutlined style={{ color: "var(--ant-color-text-quaternary)" }} />,
  trouble: <ExclamationCircleFilled style={{ color: "var(--ant-color-error)" }} />,
};

function RegionCard({ region, month, may }: { region: RegionMonth; month: string; may: string[] }) {
  const { t } = useTranslation("declarations");
  return (
    <Panel title={region.region_name} extra={<span className="soft small">{t("people", { n: region.people })}</span>}>
      <div className="stack tight">
        <ol className="plain row" style={{ gap: 16, flexWrap: "wrap" }} aria-label={t("steps")}>
          {region.steps.map((one) => (
            <li key={one.step} className="row" style={{ gap: 6 }} data-state={one.state}>
              {ICONS[one.state]}
              <span>{words(one.label)}</span>
              {one.note && <span className="soft small num">{words(one.note)}</span>}
              <span className="visually-hidden">{t(`step.${one.state}`)}</span>
            </li>
          ))}
        </ol>
        <div className="row soft small" style={{ flexWrap: "wrap", gap: 16 }}>
          {region.refused > 0 && <span>{t("refused", { n: region.refused })}</span>}
          {region.billed_fen !== null && region.billed_fen !== undefined && (
            <span>
              {t("billed")} <Money fen={region.billed_fen} />
            </span>
          )}
          {!!region.open_fen && (
            <span>
              {t("open")} <Money fen={region.open_fen} />
            </span>
          )}
        </div>
        <Acts region={region} month={month} may={may} />
      </div>
    </Panel>
  );
}

function Acts({ region, month, may }: { region: RegionMonth; month: string; may: string[] }) {
  const { t } = useTranslation("declarations");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const prepare = useMutation({
    mutationFn: () => unwrap<DeclarationView[]>(client.POST("/api/v1/declarations", { body: { region: region.region, month } })),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["insurance-month"] });
      const open = made.find((one) => one.allowed_actions.includes("file")) ?? made[0];
      if (open) void navigate(`/declarations/${open.id}`);
    },
  });
  const prepares = may.includes("prepare");
  return (
    <>
      <div className="row" style={{ flexWrap: "wrap" }}>
        {region.tasks > 0 && <Link to="/insurance-tasks">{t("act.tasks", { n: region.tasks })}</Link>}
        {prepares && (
          <Button type={region.next === "prepare" ? "primary" : "default"} loading={prepare.isPending} onClick={() => prepare.mutate()}>
            {t(region.next === "prepare" ? "act.prepare" : "act.again")}
          </Button>
        )}
        {region.declaration_id && (
          <Link to={`/declarations/${region.declaration_id}`}>{t(region.next === "file" ? "act.file" : "act.declaration")}</Link>
        )}
        {region.bill_id && <Link to={`/bills/${region.bill_id}`}>{t(region.next === "pay" ? "act.pay" : "act.bill")}</Link>}
        {region.next === "reconcile" && <Link to={`/reconcile?month=${month}&region=${region.region}`}>{t("act.reconcile")}</Link>}
        {may.includes("import_bill") && <ImportBill region={region.region} />}
      </div>
      {prepare.isError && <ProblemNote error={prepare.error} />}
    </>
  );
}

/** Reads a bill file of a region that has its own system. */
function ImportBill({ region }: { region: string }) {
  const { t } = useTranslation("declarations");
  const queries = useQueryClient();
  const [seen, setSeen] = useState<BillImport>();
  const upload = useMutation({
    mutationFn: (file: File) =>
      unwrap<BillImport>(
        client.POST("/api/v1/bills/import", {
          params: { query: { region } },
          body: fileBody("file", file) as never,
          bodySerializer: (body: unknown) => body as FormData,
        }),
      ),
    onSuccess: (read) => {
      setSeen(read);
      void queries.invalidateQueries({ queryKey: ["insurance-month"] });
    },
  });
  return (
    <div className="stack tight">
      <Upload
        accept=".xlsx,.csv"
        showUploadList={false}
        beforeUpload={(file) => {
          upload.mutate(file);
          return false;
        }}
      >
        <Button type="text" icon={<UploadOutlined />} loading={upload.isPending}>
          {t("bill.import")}
        </Button>
      </Upload>
      {upload.isError && <ProblemNote error={upload.error} />}
      {seen && (
        <div role="status" className="small">
          {seen.fault_count === 0 ? t("bill.read", { rows: seen.rows, unknown: seen.unknown_people }) : t("bill.faults", { n: seen.fault_count })}
          {seen.faults.length > 0 && (
            <ul className="plain">
              {seen.faults.slice(0, 20).map((fault, index) => (
                <li key={index}>
                  {t("row", { n: fault.row })} {words(fault.finding.message)}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </div>
  );
}
