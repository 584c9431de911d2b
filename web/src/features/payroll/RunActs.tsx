import { Button, Dropdown, Input, Modal } from "antd";
import { DownloadOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import { ProblemNote } from "../../shared/states";
import type { PayRun, PayRunDetail } from "./model";

type Act = "submit" | "discard" | "lock" | "return" | "make_difference";
const ACTS: readonly Act[] = ["discard", "return", "make_difference", "submit", "lock"];

async function perform(act: Act, run: PayRun, opinion: string): Promise<PayRun> {
  const params = { path: { id: run.id } };
  switch (act) {
    case "submit":
      return unwrap<PayRun>(client.POST("/api/v1/payroll/runs/{id}/submit", { params }));
    case "discard":
      return unwrap<PayRun>(client.POST("/api/v1/payroll/runs/{id}/discard", { params }));
    case "lock":
      return unwrap<PayRun>(client.POST("/api/v1/payroll/runs/{id}/lock", { params, body: { opinion } }));
    case "return":
      return unwrap<PayRun>(client.POST("/api/v1/payroll/runs/{id}/return", { params, body: { opinion } }));
    case "make_difference":
      return unwrap<PayRun>(client.POST("/api/v1/payroll/runs", { body: { month: run.month } }));
  }
}

/** What the server allows on a run; every act is confirmed, those of the reviewer with an opinion. */
export function RunActs({ run }: { run: PayRunDetail }) {
  const { t } = useTranslation("payroll");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [act, setAct] = useState<Act>();
  const [opinion, setOpinion] = useState("");
  const mutation = useMutation({
    mutationFn: (chosen: Act) => perform(chosen, run, opinion),
    onSuccess: (next, chosen) => {
      setAct(undefined);
      setOpinion("");
      if (chosen === "make_difference") void navigate(`/payroll/${next.id}`);
      if (chosen === "discard") void navigate("/payroll");
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["payroll"] }),
  });
  const asks = act === "lock" || act === "return";
  return (
    <>
      <Files run={run} />
      {ACTS.filter((name) => run.allowed_actions.includes(name)).map((name) => (
        <Button key={name} type={name === "submit" || name === "lock" ? "primary" : "default"} onClick={() => setAct(name)}>
          {t(`act.${name}`)}
        </Button>
      ))}
      <Modal
        open={act !== undefined}
        title={act && t(`act.${act}`)}
        okText={act && t(`act.${act}`)}
        okButtonProps={{ loading: mutation.isPending, disabled: act === "return" && !opinion.trim() }}
        onOk={() => act && mutation.mutate(act)}
        onCancel={() => {
          setAct(undefined);
          mutation.reset();
        }}
      >
        <div className="stack tight">
          <p>{act && t(`act.${act}.body`, { month: run.month, people: run.people })}</p>
          {asks && (
            <Input.TextArea
              aria-label={t("opinion")}
              placeholder={t(act === "return" ? "opinion.needed" : "opinion")}
              rows={3}
              maxLength={500}
              value={opinion}
              onChange={(event) => setOpinion(event.target.value)}
            />
          )}
          {mutation.isError && <ProblemNote error={mutation.error} />}
        </div>
      </Modal>
    </>
  );
}

/** The files of a run: bank file, accounting entry, table. */
function Files({ run }: { run: PayRun }) {
  const { t } = useTranslation("payroll");
  const base = `/api/v1/payroll/runs/${run.id}`;
  const files = [
    { act: "bank_file", url: `${base}/bank/bank.xlsx`, key: "file.bank" },
    { act: "bank_file", url: `${base}/bank/bank.csv`, key: "file.bankCsv" },
    { act: "accounting", url: `${base}/accounting/entry.xlsx`, key: "file.accounting" },
    { act: "export", url: `${base}/table/table.xlsx`, key: "file.table" },
  ].filter((file) => run.allowed_actions.includes(file.act));
  if (files.length === 0) return null;
  const items = files.map((file) => ({
    key: file.key,
    label: (
      <a href={file.url} download>
        {t(file.key)}
      </a>
    ),
  }));
  return (
    <Dropdown trigger={["click"]} menu={{ items }}>
      <Button icon={<DownloadOutlined />}>{t("files")}</Button>
    </Dropdown>
  );
}
