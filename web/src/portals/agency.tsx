import {
  AccountBookOutlined,
  BookOutlined,
  CalculatorOutlined,
  BankOutlined,
  CarryOutOutlined,
  FileSearchOutlined,
  FormOutlined,
  HomeOutlined,
  IdcardOutlined,
  InboxOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { startPortal } from "../shared/boot";
import { NotFound } from "../shared/NotFound";
import { Shell } from "../shared/Shell";

function AgencyShell() {
  const { t } = useTranslation("desk");
  return (
    <Shell
      portal="agency"
      entries={[
        { path: "/", label: t("menu.home"), icon: <HomeOutlined /> },
        { path: "/cases", label: t("menu.cases"), icon: <InboxOutlined /> },
        { path: "/enrolments/new", label: t("menu.counter"), icon: <FormOutlined /> },
        { path: "/persons", label: t("menu.persons"), icon: <IdcardOutlined /> },
        { path: "/units", label: t("menu.units"), icon: <BankOutlined /> },
        { path: "/assessment", label: t("menu.assessment"), icon: <CarryOutOutlined /> },
        { path: "/collection", label: t("menu.collection"), icon: <AccountBookOutlined /> },
        { path: "/calculations", label: t("menu.calculations"), icon: <CalculatorOutlined /> },
        { path: "/law", label: t("menu.law"), icon: <BookOutlined /> },
        { path: "/verify", label: t("menu.verify"), icon: <FileSearchOutlined /> },
      ]}
    />
  );
}

void startPortal("/agency", [
  {
    element: <AgencyShell />,
    children: [
      { index: true, lazy: async () => ({ Component: (await import("../features/desk/DeskPage")).DeskPage }) },
      { path: "cases", lazy: async () => ({ Component: (await import("../features/queue/QueuePage")).QueuePage }) },
      { path: "cases/:id", lazy: async () => ({ Component: (await import("../features/review/CasePage")).CasePage }) },
      { path: "persons", lazy: async () => ({ Component: (await import("../features/persons/PersonsPage")).PersonsPage }) },
      { path: "persons/:id", lazy: async () => ({ Component: (await import("../features/persons/PersonPage")).PersonPage }) },
      { path: "units", lazy: async () => ({ Component: (await import("../features/assessment/UnitsPage")).UnitsPage }) },
      { path: "units/:id", lazy: async () => ({ Component: (await import("../features/assessment/UnitPage")).UnitPage }) },
      { path: "units/:id/declare", lazy: async () => ({ Component: (await import("../features/assessment/DeclarePage")).DeclarePage }) },
      { path: "assessment", lazy: async () => ({ Component: (await import("../features/assessment/RunsPage")).RunsPage }) },
      { path: "assessment/:id", lazy: async () => ({ Component: (await import("../features/assessment/RunPage")).RunPage }) },
      { path: "enrolments/new", lazy: async () => ({ Component: (await import("../features/counter/CounterPage")).CounterPage }) },
      { path: "collection", lazy: async () => ({ Component: (await import("../features/collection/CollectionPage")).CollectionPage }) },
      { path: "collection/orders/:id", lazy: async () => ({ Component: (await import("../features/collection/OrderPage")).OrderPage }) },
      { path: "collection/bank-files/:id", lazy: async () => ({ Component: (await import("../features/collection/BankFilePage")).BankFilePage }) },
      { path: "calculations", lazy: async () => ({ Component: (await import("../features/calculations/CalculationsPage")).CalculationsPage }) },
      { path: "law", lazy: async () => ({ Component: (await import("../features/law/LawPage")).LawPage }) },
      { path: "verify", lazy: async () => ({ Component: (await import("../features/verify/VerifyPage")).VerifyPage }) },
      { path: "*", element: <NotFound /> },
    ],
  },
]);
