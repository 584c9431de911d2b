import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { client, unwrap } from "../../api/client";
import type { Contact } from "../../api/types";
import { PageHead } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { regionName } from "../../shared/regions";

export function ContactsPage() {
  const { t } = useTranslation("contacts");
  const contacts = useQuery({
    queryKey: ["contacts"],
    queryFn: ({ signal }) => unwrap<Contact[]>(client.GET("/api/v1/contacts", { signal })),
    staleTime: 300_000,
  });
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <DataTable<Contact>
        id="contacts"
        label={t("title")}
        rows={contacts.data}
        error={contacts.error}
        onRetry={() => void contacts.refetch()}
        total={contacts.data?.length}
        rowKey={(one) => one.region}
        columns={[
          { key: "region", title: t("region"), primary: true, width: 90, render: (one) => <strong>{regionName(one.region)}</strong> },
          { key: "name", title: t("office"), render: (one) => one.name },
          {
            key: "phone",
            title: t("phoneNumber"),
            render: (one) =>
              one.phone ? (
                <a href={`tel:${one.phone}`} className="num">
                  {one.phone}
                </a>
              ) : (
                "—"
              ),
          },
          { key: "address", title: t("address"), render: (one) => one.address ?? "—" },
          { key: "postcode", title: t("postcode"), render: (one) => <span className="num">{one.postcode ?? "—"}</span>, optional: true },
        ]}
      />
    </>
  );
}
