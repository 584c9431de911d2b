import { AutoComplete, TreeSelect } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Department } from "../../api/types";
import { departmentTree } from "./logic";

export function useDepartments() {
  return useQuery({
    queryKey: ["departments"],
    queryFn: ({ signal }) => unwrap<Department[]>(client.GET("/api/v1/departments", { signal })),
    staleTime: 30_000,
  });
}

/** Chooses one department of those there are. */
export function DepartmentSelect({ value, onChange }: { value?: string; onChange?: (path: string) => void }) {
  const { t } = useTranslation("employees");
  const departments = useDepartments();
  return (
    <TreeSelect
      aria-label={t("department")}
      value={value || undefined}
      onChange={(path: string | undefined) => onChange?.(path ?? "")}
      treeData={departmentTree(departments.data ?? [])}
      loading={departments.isLoading}
      placeholder={t("department.all")}
      allowClear
      showSearch
      treeDefaultExpandAll
      style={{ width: 180 }}
    />
  );
}

/** Names a department, an existing one or a new one: 制造部/一车间. */
export function DepartmentInput({ value, onChange }: { value?: string; onChange?: (path: string) => void }) {
  const { t } = useTranslation("employees");
  const departments = useDepartments();
  const options = (departments.data ?? []).map((one) => ({ value: one.path }));
  return (
    <AutoComplete
      value={value}
      onChange={(path: string) => onChange?.(path)}
      options={options}
      maxLength={60}
      placeholder={t("department.hint")}
      showSearch={{ filterOption: (typed, option) => (option?.value ?? "").includes(typed) }}
    />
  );
}
