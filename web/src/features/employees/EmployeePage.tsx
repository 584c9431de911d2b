import { Tabs } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import type { ReactNode } from "react";
import { client, unwrap } from "../../api/client";
import type { Employee, EmployeeFile } from "../../api/types";
import { PageHead, StatusTag } from "../../shared/bits";
import { QueryView } from "../../shared/states";
import { useUrlState } from "../../shared/url-state";
import { EmployeeActs } from "./EmployeeActs";
import { FileBasic } from "./FileBasic";
import { FileContracts } from "./FileContracts";
import { FileDocuments } from "./FileDocuments";
import { FileInsurance } from "./FileInsurance";
import { FileJob } from "./FileJob";
import { FileMoney } from "./FileMoney";

export function EmployeePage() {
  const { id = "" } = useParams();
  const query = useQuery({
    queryKey: ["employee", id],
    queryFn: ({ signal }) => unwrap<Employee>(client.GET("/api/v1/employees/{id}", { params: { path: { id } }, signal })),
  });
  return <QueryView query={query}>{(employee) => <Loaded employee={employee} />}</QueryView>;
}

/** The file's parts, read with the first tab that needs them and again after each change. */
function useFile(id: string) {
  return useQuery({
    queryKey: ["employee", id, "file"],
    queryFn: ({ signal }) => unwrap<EmployeeFile>(client.GET("/api/v1/employees/{id}/file", { params: { path: { id } }, signal })),
  });
}

function Loaded({ employee }: { employee: Employee }) {
  const { t } = useTranslation("employees");
  const file = useFile(employee.id);
  const [{ tab }, setUrl] = useUrlState(["tab"] as const);
  const part = (render: (file: EmployeeFile) => ReactNode) => <QueryView query={file}>{render}</QueryView>;
  return (
    <div className="stack">
      <PageHead
        title={employee.name}
        back={{ to: "/employees", label: t("title") }}
        lead={employee.left_on && <StatusTag tone="default">{t("left.on", { day: employee.left_on })}</StatusTag>}
      />
      {employee.merged_into && (
        <div className="finding warning" role="status">
          {t("merged")} <Link to={`/employees/${employee.merged_into}`}>{t("merged.open")}</Link>
        </div>
      )}
      <EmployeeActs employee={employee} />
      <Tabs
        activeKey={tab || "basic"}
        onChange={(key) => setUrl({ tab: key === "basic" ? "" : key })}
        items={[
          { key: "basic", label: t("tab.basic"), children: <FileBasic employee={employee} file={file} /> },
          { key: "contracts", label: t("tab.contracts"), children: part((read) => <FileContracts file={read} />) },
          { key: "job", label: t("tab.job"), children: part((read) => <FileJob employee={employee} file={read} />) },
          ...(file.data && !file.data.accounts && !file.data.deductions
            ? []
            : [{ key: "money", label: t("tab.money"), children: part((read) => <FileMoney file={read} />) }]),
          { key: "documents", label: t("tab.documents"), children: part((read) => <FileDocuments file={read} />) },
          { key: "insurance", label: t("tab.insurance"), children: <FileInsurance employee={employee} /> },
        ]}
      />
    </div>
  );
}
