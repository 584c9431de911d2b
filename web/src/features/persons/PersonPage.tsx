import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Person } from "../../api/types";
import { Facts, InsuranceName, MaskedText, Money, PageHead, Panel, RelationTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { yuan } from "../../shared/money";
import { regionName } from "../../shared/regions";
import { useMe } from "../../shared/session";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";

export function PersonPage() {
  const { t } = useTranslation("persons");
  const { id = "" } = useParams();
  const query = useQuery({
    queryKey: ["person", id],
    queryFn: ({ signal }) => unwrap<Person>(client.GET("/api/v1/agency/persons/{id}", { params: { path: { id } }, signal })),
  });
  return (
    <QueryView query={query}>
      {(person) => (
        <div className="stack">
          <PageHead title={person.name} back={{ to: "/persons", label: t("title") }} />
          <Panel title={t("record")}>
            <Record person={person} />
          </Panel>
          <Panel title={t("accounts")}>
            {person.accounts.length === 0 ? (
              <EmptyState title={t("accounts.none")} />
            ) : (
              <div className="tiles">
                {person.accounts.map((account, index) => (
                  <div className="tile" key={index}>
                    <div className="label">
                      <InsuranceName insurance={account.insurance} /> · {t("account.personal")}
                    </div>
                    <div className="value">{yuan(account.balance_fen)}</div>
                    <div className="soft small">
                      {t("unit.yuan")}
                      {account.reserved_fen > 0 && ` · ${t("reserved", { amount: yuan(account.reserved_fen) })}`}
                    </div>
                  </div>
                ))}
              </div>
            )}
          </Panel>
          <Panel title={t("relations")} flush>
            <Relations person={person} />
          </Panel>
          <Panel title={t("history")} flush>
            <History person={person} />
          </Panel>
        </div>
      )}
    </QueryView>
  );
}

function Record({ person }: { person: Person }) {
  const { t } = useTranslation("persons");
  const me = useMe();
  const reveal = useMutation({
    mutationFn: () =>
      unwrap<{ value: string }>(
        client.POST("/api/v1/agency/persons/{id}/reveal", { params: { path: { id: person.id } }, body: { field: "id_number" } }),
      ),
  });
  const may = me.permissions.includes("reveal_sensitive");
  return (
    <div className="stack tight">
      <Facts
        items={[
          [
            t("idNumber"),
            <MaskedText
              key="id"
              masked={person.id_masked}
              full={reveal.data?.value}
              loading={reveal.isPending}
              onReveal={may ? () => reveal.mutate() : undefined}
            />,
          ],
          [
            t("birthDate"),
            <span key="b" className="num">
              {person.birth_date}
            </span>,
          ],
          [t("sex"), t(`sex.${person.sex}`)],
          [
            t("number"),
            <span key="n" className="mono">
              {person.number}
            </span>,
          ],
          [
            t("socialCard"),
            <span key="c" className="mono">
              {person.social_card_masked ?? "—"}
            </span>,
          ],
          [t("household"), person.household_name ?? "—"],
          [t("retired"), person.retired ? t("retired.yes") : t("retired.no")],
        ]}
      />
      {reveal.isError && <ProblemNote error={reveal.error} />}
    </div>
  );
}

function Relations({ person }: { person: Person }) {
  const { t } = useTranslation("persons");
  return (
    <DataTable
      id="person-relations"
      label={t("relations")}
      rows={person.relations}
      rowKey={(one) => `${one.region}-${one.insurance}`}
      columns={[
        { key: "insurance", title: t("insurance"), primary: true, width: 90, render: (one) => <InsuranceName insurance={one.insurance} /> },
        { key: "status", title: t("status"), render: (one) => <RelationTag status={one.status} /> },
        {
          key: "account",
          title: t("accountKind"),
          render: (one) => (one.insurance === "pension" ? t(`accountKind.${one.account_kind === "temporary" ? "temporary" : "general"}`) : "—"),
        },
        { key: "first", title: t("firstMonth"), align: "right", render: (one) => one.first_month ?? "—" },
        { key: "last", title: t("lastMonth"), align: "right", render: (one) => one.last_month ?? "—" },
        { key: "months", title: t("months"), align: "right", render: (one) => one.months },
        { key: "arrears", title: t("arrears"), align: "right", render: (one) => <Money fen={one.arrears_fen} /> },
      ]}
    />
  );
}

function History({ person }: { person: Person }) {
  const { t } = useTranslation("persons");
  return (
    <DataTable
      id="person-history"
      label={t("history")}
      rows={person.history}
      rowKey={(one) => `${one.insurance}-${one.from}-${one.employer_name}`}
      columns={[
        { key: "insurance", title: t("insurance"), primary: true, width: 90, render: (one) => <InsuranceName insurance={one.insurance} /> },
        {
          key: "span",
          title: t("span"),
          render: (one) => (
            <span className="num nowrap">
              {one.from} – {one.to}
            </span>
          ),
        },
        { key: "months", title: t("months"), align: "right", render: (one) => one.months },
        { key: "base", title: t("base"), align: "right", render: (one) => <Money fen={one.base_fen} /> },
        { key: "employer", title: t("employer"), render: (one) => one.employer_name || "—" },
        { key: "region", title: t("paidIn"), render: (one) => regionName(one.region) },
      ]}
    />
  );
}
