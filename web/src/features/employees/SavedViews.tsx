import { DeleteOutlined } from "@ant-design/icons";
import { App, Button, Input, Popover, Select } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { SavedView } from "../../api/types";
import { setPref, usePref } from "../../shared/prefs";
import { ProblemNote } from "../../shared/states";
import { asked, viewContent, type Filter } from "./logic";

const HIDDEN = "table.employees.hidden";

/** The person's own views of the list: filters and columns under a name, kept by the server. */
export function SavedViews({ filter, onOpen }: { filter: Filter; onOpen: (filter: Partial<Filter>) => void }) {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [hidden] = usePref(HIDDEN, "");
  const [name, setName] = useState("");
  const [naming, setNaming] = useState(false);
  const views = useQuery({
    queryKey: ["views", "employees"],
    queryFn: ({ signal }) => unwrap<SavedView[]>(client.GET("/api/v1/views", { params: { query: { page: "employees" } }, signal })),
  });
  const fresh = () => void queries.invalidateQueries({ queryKey: ["views", "employees"] });
  const save = useMutation({
    mutationFn: () => {
      const content = { ...asked(filter), hidden };
      return unwrap(client.POST("/api/v1/views", { body: { page: "employees", name: name.trim(), content: content as never } }));
    },
    onSuccess: () => {
      message.success(t("view.saved"));
      setNaming(false);
      setName("");
      fresh();
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE("/api/v1/views/{id}", { params: { path: { id } } })),
    onSuccess: fresh,
  });
  const open = (id: string) => {
    const view = views.data?.find((one) => one.id === id);
    if (!view) return;
    const content = viewContent(view.content);
    setPref(HIDDEN, content.hidden);
    onOpen(content.filter);
  };
  const form = (
    <div className="stack tight" style={{ width: 220 }}>
      <Input aria-label={t("view.name")} placeholder={t("view.name")} value={name} maxLength={30} onChange={(event) => setName(event.target.value)} />
      <Button type="primary" disabled={!name.trim()} loading={save.isPending} onClick={() => save.mutate()}>
        {t("save")}
      </Button>
      {save.isError && <ProblemNote error={save.error} />}
    </div>
  );
  return (
    <>
      <Select
        aria-label={t("view.choose")}
        placeholder={t("view.choose")}
        value={null}
        style={{ width: 150 }}
        onSelect={(id: string | null) => id && open(id)}
        notFoundContent={t("view.none")}
        options={(views.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
        optionRender={(option) => (
          <span className="row between">
            {option.label}
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t("view.remove", { name: String(option.label) })}
              onClick={(event) => {
                event.stopPropagation();
                remove.mutate(String(option.value));
              }}
            />
          </span>
        )}
      />
      <Popover trigger="click" open={naming} onOpenChange={setNaming} content={form}>
        <Button>{t("view.save")}</Button>
      </Popover>
    </>
  );
}
