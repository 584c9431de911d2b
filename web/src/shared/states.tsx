import { InboxOutlined, WarningOutlined } from "@ant-design/icons";
import type { UseQueryResult } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../api/problem";
import { FindingList } from "./FindingList";
import { words } from "./words";

/** The one-line heading of a refusal, when the server gave none. */
export function useProblemTitle(): (problem: Problem) => string {
  const { t } = useTranslation();
  return (problem) => {
    if (problem.status === 0) return t("error.unreachable");
    if (problem.message) return problem.message;
    if (problem.status === 403) return t("error.forbidden");
    if (problem.status === 404) return t("error.notFound");
    if (problem.status === 409) return t("error.conflict");
    if (problem.status === 429) return t("error.tooMany");
    if (problem.status >= 500) return t("error.internal");
    return t("error.generic");
  };
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const title = useProblemTitle();
  const problem = asProblem(error);
  return (
    <div className="state" role="alert">
      <WarningOutlined style={{ fontSize: 26, color: "var(--ant-color-warning)" }} />
      <strong>{title(problem)}</strong>
      {problem.status === 0 && <span>{t("error.unreachable.body")}</span>}
      {problem.findings.map((finding, index) => finding.remedy && <span key={index}>{words(finding.remedy)}</span>)}
      {onRetry && <Button onClick={onRetry}>{t("retry")}</Button>}
    </div>
  );
}

export function EmptyState({ title, children, action }: { title?: ReactNode; children?: ReactNode; action?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="state">
      <InboxOutlined style={{ fontSize: 28 }} />
      <strong>{title ?? t("empty")}</strong>
      {children && <span>{children}</span>}
      {action}
    </div>
  );
}

/** A refusal shown above a form or beside a button, findings included. */
export function ProblemNote({ error, findings }: { error: unknown; findings?: Problem["findings"] }) {
  const { t } = useTranslation();
  const title = useProblemTitle();
  if (!error) return null;
  const problem = asProblem(error);
  const list = findings ?? problem.findings;
  return (
    <div role="alert" className="findings">
      {list.length > 0 ? (
        <FindingList findings={list} />
      ) : (
        <div className="finding blocking">
          <div className="what">{title(problem)}</div>
          {problem.status === 0 && <div className="then">{t("error.unreachable.body")}</div>}
        </div>
      )}
    </div>
  );
}

/** Loading, error or the content of one query. */
export function QueryView<T>({ query, children, skeleton }: { query: UseQueryResult<T>; children: (data: T) => ReactNode; skeleton?: ReactNode }) {
  const { t } = useTranslation();
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div aria-busy="true" aria-label={t("loading")} role="status">
      {skeleton ?? <Skeleton active paragraph={{ rows: 5 }} />}
    </div>
  );
}
