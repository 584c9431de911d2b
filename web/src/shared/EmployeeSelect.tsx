import { Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../api/client";
import type { Employee, Page } from "../api/types";
import { useDebounced } from "./hooks";

/** Chooses employees by name or number; the server searches. */
export function EmployeeSelect({ value = [], onChange, id }: { value?: string[]; onChange?: (ids: string[]) => void; id?: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const typed = useDebounced(text, 300);
  const [names, setNames] = useState<Record<string, string>>({});
  const found = useQuery({
    queryKey: ["employees", "choose", typed],
    queryFn: ({ signal }) =>
      unwrap<Page<Employee>>(client.GET("/api/v1/employees", { params: { query: { query: typed || undefined, limit: 50 } }, signal })),
  });
  const options = (found.data?.items ?? []).map((one) => ({ value: one.id, label: `${one.name}（${one.number}）` }));
  const kept = value.filter((id) => !options.some((one) => one.value === id)).map((id) => ({ value: id, label: names[id] ?? id }));
  return (
    <Select
      id={id}
      mode="multiple"
      style={{ minWidth: 260, flex: 1 }}
      maxTagCount="responsive"
      placeholder={t("employees.choose")}
      aria-label={t("employees.choose")}
      value={value}
      loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setText }}
      options={[...kept, ...options]}
      onChange={(ids: string[], chosen) => {
        const list = (Array.isArray(chosen) ? chosen : [chosen]).filter((one) => one !== undefined);
        setNames({ ...names, ...Object.fromEntries(list.map((one) => [one.value, one.label])) });
        onChange?.(ids);
      }}
    />
  );
}
