import { App, Button, Input } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { PayAccountRow, PayAccounts } from "../../api/types";
import { DataTable } from "../../shared/DataTable";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";

/** 记账科目: which account the accounting entry debits for each department. */
export function AccountsPanel() {
  const { t } = useTranslation("payroll");
  const query = useQuery({
    queryKey: ["payroll", "accounts"],
    queryFn: ({ signal }) => unwrap<PayAccounts>(client.GET("/api/v1/payroll/accounts", { signal })),
  });
  return (
    <>
      <p className="soft">{t("accounts.lead")}</p>
      <QueryView query={query}>
        {(all) => (
          <DataTable<PayAccountRow>
            id="pay-accounts"
            label={t("inputs.accounts")}
            rows={all.accounts}
            rowKey={(row) => row.department}
            empty={<EmptyState />}
            columns={[
              { key: "department", title: t("department"), primary: true, render: (row) => row.department || t("accounts.noDepartment") },
              { key: "people", title: t("people"), align: "right", render: (row) => <span className="num">{row.people}</span> },
              {
                key: "account",
                title: t("accounts.account"),
                render: (row) =>
                  all.allowed_actions.includes("enter") ? <AccountField key={`${row.department}-${row.account}`} row={row} /> : row.account,
              },
              { key: "set", title: t("accounts.origin"), render: (row) => t(row.set ? "accounts.set" : "accounts.usual") },
            ]}
          />
        )}
      </QueryView>
    </>
  );
}

function AccountField({ row }: { row: PayAccountRow }) {
  const { t } = useTranslation("payroll");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [account, setAccount] = useState(row.account);
  const save = useMutation({
    mutationFn: () => unwrap(client.PUT("/api/v1/payroll/accounts", { body: { department: row.department, account: account.trim() } })),
    onSuccess: () => {
      message.success(t("saved"));
      void queries.invalidateQueries({ queryKey: ["payroll", "accounts"] });
    },
  });
  const changed = account.trim() !== "" && account.trim() !== row.account;
  return (
    <div className="row" style={{ flexWrap: "nowrap" }}>
      <Input
        aria-label={`${row.department || t("accounts.noDepartment")} ${t("accounts.account")}`}
        value={account}
        maxLength={40}
        style={{ width: 200 }}
        onChange={(event) => setAccount(event.target.value)}
        onPressEnter={() => changed && save.mutate()}
      />
      {changed && (
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
          {t("save")}
        </Button>
      )}
      {save.isError && <ProblemNote error={save.error} />}
    </div>
  );
}
