import { FilePdfOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { client, unwrap } from "../../../api/client";
import { PageHead } from "../../../shared/bits";
import { QueryView } from "../../../shared/states";
import type { Payslip } from "../../payroll/model";
import { PayslipSheet } from "../../payroll/PayslipSheet";

/** One of one's own payslips; its lines open their explanation. */
export function PayslipPage() {
  const { t } = useTranslation("payroll");
  const { run = "" } = useParams();
  const query = useQuery({
    queryKey: ["me", "payslip", run],
    queryFn: ({ signal }) => unwrap<Payslip>(client.GET("/api/v1/me/payslips/{run}", { params: { path: { run } }, signal })),
  });
  return (
    <QueryView query={query}>
      {(slip) => (
        <div className="stack" style={{ maxWidth: 560, margin: "0 auto" }}>
          <PageHead
            title={t("slip.title", { name: slip.name, month: slip.month })}
            lead={t("mine.note")}
            back={{ to: "/payslips", label: t("mine") }}
            actions={
              <Button icon={<FilePdfOutlined />} href={`/api/v1/me/payslips/${run}/payslip.pdf`} target="_blank">
                {t("pdf")}
              </Button>
            }
          />
          <PayslipSheet slip={slip} />
        </div>
      )}
    </QueryView>
  );
}
