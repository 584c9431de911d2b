import { Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { PageHead } from "../../shared/bits";
import { useUrlState } from "../../shared/url-state";
import { Arrears } from "./Arrears";
import { BankFiles } from "./BankFiles";
import { GatewayDays } from "./GatewayDays";
import { Orders } from "./Orders";
import { Refunds } from "./Refunds";
import { Suspense } from "./Suspense";

const VIEWS = { orders: Orders, arrears: Arrears, suspense: Suspense, refunds: Refunds, files: BankFiles, gateway: GatewayDays } as const;
type View = keyof typeof VIEWS;

/** 征缴: everything about the region's money from employers, one view a tab, the tab kept in the address. */
export function CollectionPage() {
  const { t } = useTranslation("collection");
  const [{ view }, setView] = useUrlState(["view"] as const);
  const active: View = view in VIEWS ? (view as View) : "orders";
  return (
    <div className="stack">
      <PageHead title={t("title")} lead={t("lead")} />
      <Tabs
        activeKey={active}
        onChange={(key) => setView({ view: key === "orders" ? "" : key })}
        destroyOnHidden
        items={(Object.keys(VIEWS) as View[]).map((key) => {
          const Body = VIEWS[key];
          return { key, label: t(`view.${key}`), children: <Body /> };
        })}
      />
    </div>
  );
}
