import { DownloadOutlined } from "@ant-design/icons";
import { Button, Popconfirm } from "antd";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { client, unwrap } from "../../api/client";
import type { DeclarationDetail, DeclarationLineView, DeclarationView, InsuranceAmount } from "../../api/types";
import { Facts, InsuranceName, InsuranceNames, Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { DataTable, type Column } from "../../shared/DataTable";
import { FindingList } from "../../shared/FindingList";
import { ErrorState, ProblemNote } from "../../shared/states";
import { words } from "../../shared/words";
import { FILING_TONES } from "./filing";

/** One declaration: findings first, then people; filed from here. */
export function DeclarationPage() {
  const { t } = useTranslation("declarations");
  const { id = "" } = useParams();
  const columns = useColumns();
  const query = useInfiniteQuery({
    queryKey: ["declaration", id],
    queryFn: ({ pageParam, signal }) =>
      unwrap<DeclarationDetail>(
        client.GET("/api/v1/declarations/{id}", { params: { path: { id }, query: { cursor: pageParam, limit: 100 } }, signal }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => last.lines.next_cursor ?? undefined,
    refetchInterval: 15_000,
  });
  const first = query.data?.pages[0];
  if (query.isError && !first) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const declaration = first?.declaration;
  return (
    <div className="stack">
      <PageHead
        title={declaration ? t("declaration.title", { region: declaration.region_name, month: declaration.month }) : t("declaration")}
        back={{ to: `/insurance-month${declaration ? `?month=${declaration.month}` : ""}`, label: t("month.title") }}
        actions={declaration && <FileActs declaration={declaration} />}
      />
      {first && declaration && (
        <>
          <Head detail={first} />
          {declaration.left_out.length > 0 && <LeftOut declaration={declaration} />}
          {declaration.reasons.length > 0 && (
            <Panel title={t("reasons")}>
              <ul className="plain">
                {declaration.reasons.map((reason, index) => (
                  <li key={index}>{words(reason.text)}</li>
                ))}
              </ul>
            </Panel>
          )}
        </>
      )}
      <DataTable<DeclarationLineView>
        id="declaration-lines"
        label={t("lines")}
        columns={columns}
        rows={query.data?.pages.flatMap((page) => page.lines.items)}
        rowKey={(line) => String(line.line)}
        total={first?.lines.total ?? null}
        onMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        moreLoading={query.isFetchingNextPage}
        tools={first && first.with_findings > 0 ? <span>{t("withFindings", { n: first.with_findings })}</span> : undefined}
      />
    </div>
  );
}

function FileActs({ declaration }: { declaration: DeclarationView }) {
  const { t } = useTranslation("declarations");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const done = (made: DeclarationView[]) => {
    void queries.invalidateQueries({ queryKey: ["declaration"] });
    void queries.invalidateQueries({ queryKey: ["insurance-month"] });
    const here = made.find((one) => one.id === declaration.id) ?? made[0];
    if (here && here.id !== declaration.id) void navigate(`/declarations/${here.id}`);
  };
  const file = useMutation({
    mutationFn: () => unwrap<DeclarationView[]>(client.POST("/api/v1/declarations/{id}/file", { params: { path: { id: declaration.id } } })),
    onSuccess: done,
  });
  const prepare = useMutation({
    mutationFn: () =>
      unwrap<DeclarationView[]>(client.POST("/api/v1/declarations", { body: { region: declaration.region, month: declaration.month } })),
    onSuccess: done,
  });
  const may = (act: string) => declaration.allowed_actions.includes(act);
  return (
    <>
      {may("export") && (
        <Button icon={<DownloadOutlined />} href={`/api/v1/declarations/${declaration.id}/export.xlsx`} download>
          {t("export")}
        </Button>
      )}
      {may("prepare") && (
        <Button loading={prepare.isPending} onClick={() => prepare.mutate()}>
          {t("act.again")}
        </Button>
      )}
      {may("file") && (
        <Popconfirm title={t("file.sure", { n: declaration.people })} onConfirm={() => file.mutate()} okText={t("file")}>
          <Button type="primary" loading={file.isPending} disabled={declaration.people === 0}>
            {t("file")}
          </Button>
        </Popconfirm>
      )}
      {(file.isError || prepare.isError) && <ProblemNote error={file.error ?? prepare.error} />}
    </>
  );
}

function Head({ detail }: { detail: DeclarationDetail }) {
  const { t } = useTranslation("declarations");
  const one = detail.declaration;
  return (
    <Panel>
      <div className="stack">
        <Facts
          items={[
            [t("state"), <StatusTag tone={FILING_TONES[one.state] ?? "default"}>{t(`filing.${one.state}`)}</StatusTag>],
            [t("number"), <span className="num">{one.number}</span>],
            [t("part"), one.parts > 1 ? `${one.part} / ${one.parts}` : "—"],
            [t("peopleCount"), one.people],
            [t("refusedCount"), one.refused],
            [t("employer"), <Money fen={one.employer_fen} />],
            [t("employee"), <Money fen={one.employee_fen} />],
            [t("filedAt"), instant(one.filed_at)],
            [t("office"), one.office || "—"],
          ]}
        />
        {detail.totals && <Totals totals={detail.totals} />}
      </div>
    </Panel>
  );
}

export function Totals({ totals }: { totals: InsuranceAmount[] }) {
  const { t } = useTranslation("declarations");
  return (
    <DataTable<InsuranceAmount>
      id="insurance-totals"
      label={t("totals")}
      rows={totals}
      rowKey={(one) => one.insurance}
      columns={[
        { key: "insurance", title: t("insurance"), primary: true, render: (one) => <InsuranceName insurance={one.insurance} /> },
        { key: "employer", title: t("employer"), align: "right", render: (one) => <Money fen={one.employer_fen} /> },
        { key: "employee", title: t("employee"), align: "right", render: (one) => <Money fen={one.employee_fen} /> },
      ]}
    />
  );
}

function LeftOut({ declaration }: { declaration: DeclarationView }) {
  const { t } = useTranslation("declarations");
  return (
    <Panel title={t("leftOut", { n: declaration.left_out.length })}>
      <ul className="plain stack tight">
        {declaration.left_out.map((one) => (
          <li key={one.employee_id}>
            <Link to={`/employees/${one.employee_id}`}>{one.name}</Link>
            <FindingList findings={[one.finding]} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const LINE_TONES: Record<string, "success" | "processing" | "error" | "default"> = {
  filed: "processing",
  accepted: "success",
  refused: "error",
};

function useColumns(): Column<DeclarationLineView>[] {
  const { t } = useTranslation("declarations");
  return [
    { key: "name", title: t("name"), primary: true, width: 120, render: (line) => <Link to={`/employees/${line.employee_id}`}>{line.name}</Link> },
    { key: "id", title: t("idNumber"), optional: true, render: (line) => <span className="mono">{line.id_masked}</span> },
    {
      key: "wage",
      title: t("wage"),
      align: "right",
      render: (line) => (line.wage_fen === null || line.wage_fen === undefined ? "—" : <Money fen={line.wage_fen} />),
    },
    {
      key: "origin",
      title: t("origin"),
      render: (line) => (line.derivation ? <span title={words(line.derivation)}>{t(`origin.${line.origin}`)}</span> : t(`origin.${line.origin}`)),
    },
    { key: "hired", title: t("hiredOn"), optional: true, render: (line) => line.hired_on ?? "—" },
    {
      key: "total",
      title: t("total"),
      align: "right",
      render: (line) => (line.total_fen === null || line.total_fen === undefined ? "—" : <Money fen={line.total_fen} />),
    },
    {
      key: "insurances",
      title: t("insurances"),
      optional: true,
      render: (line) => <InsuranceNames insurances={line.insurances} />,
    },
    {
      key: "state",
      title: t("state"),
      render: (line) => <StatusTag tone={LINE_TONES[line.state] ?? "default"}>{t(`line.${line.state}`)}</StatusTag>,
    },
    {
      key: "findings",
      title: t("findings"),
      render: (line) =>
        line.findings.length + line.reasons.length === 0 ? (
          "—"
        ) : (
          <ul className="plain" style={{ whiteSpace: "normal", maxWidth: 420 }}>
            {line.reasons.map((reason, index) => (
              <li key={`r${index}`}>
                <strong>{words(reason.text)}</strong>
              </li>
            ))}
            {line.findings.map((finding, index) => (
              <li key={index}>{words(finding.message)}</li>
            ))}
          </ul>
        ),
    },
  ];
}
