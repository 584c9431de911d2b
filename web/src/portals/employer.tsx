import {
  AlertOutlined,
  BankOutlined,
  BellOutlined,
  BookOutlined,
  CalculatorOutlined,
  ContactsOutlined,
  FileSearchOutlined,
  HomeOutlined,
  SwapOutlined,
  TeamOutlined,
  UploadOutlined,
  UserAddOutlined,
  WalletOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { startPortal } from "../shared/boot";
import { NotFound } from "../shared/NotFound";
import { Shell } from "../shared/Shell";

function EmployerShell() {
  const { t } = useTranslation("home");
  return (
    <Shell
      portal="employer"
      noticesPath="/notices"
      entries={[
        { path: "/", label: t("menu.home"), icon: <HomeOutlined /> },
        { path: "/onboarding", label: t("menu.onboarding"), icon: <UserAddOutlined />, needs: ["status_query"], group: t("group.people") },
        { path: "/rosters", label: t("menu.rosters"), icon: <UploadOutlined />, needs: ["roster_import"], group: t("group.people") },
        { path: "/employees", label: t("menu.employees"), icon: <TeamOutlined />, needs: ["employee_view"], group: t("group.people") },
        { path: "/company", label: t("menu.company"), icon: <BankOutlined />, needs: ["employee_view"], group: t("group.people") },
        { path: "/payroll", label: t("menu.payroll"), icon: <WalletOutlined />, needs: ["payroll_view"], group: t("group.time") },
        { path: "/transfers", label: t("menu.transfers"), icon: <SwapOutlined />, needs: ["insurance_view"], group: t("group.insurance") },
        { path: "/deadlines", label: t("menu.deadlines"), icon: <AlertOutlined />, needs: ["insurance_view"], group: t("group.insurance") },
        { path: "/calculations", label: t("menu.calculations"), icon: <CalculatorOutlined />, group: t("group.tools") },
        { path: "/law", label: t("menu.law"), icon: <BookOutlined />, group: t("group.tools") },
        { path: "/contacts", label: t("menu.contacts"), icon: <ContactsOutlined />, needs: ["contact_view"], group: t("group.tools") },
        { path: "/verify", label: t("menu.verify"), icon: <FileSearchOutlined />, group: t("group.tools") },
        { path: "/notices", label: t("menu.notices"), icon: <BellOutlined />, group: t("group.tools") },
      ]}
    />
  );
}

startPortal("/employer", [
  {
    element: <EmployerShell />,
    children: [
      { index: true, lazy: async () => ({ Component: (await import("../features/home/HomePage")).HomePage }) },
      { path: "onboarding", lazy: async () => ({ Component: (await import("../features/onboarding/OnboardingPage")).OnboardingPage }) },
      { path: "employees", lazy: async () => ({ Component: (await import("../features/employees/EmployeesPage")).EmployeesPage }) },
      { path: "employees/duplicates", lazy: async () => ({ Component: (await import("../features/employees/DuplicatesPage")).DuplicatesPage }) },
      { path: "employees/:id", lazy: async () => ({ Component: (await import("../features/employees/EmployeePage")).EmployeePage }) },
      { path: "company", lazy: async () => ({ Component: (await import("../features/company/CompanyPage")).CompanyPage }) },
      { path: "payroll", lazy: async () => ({ Component: (await import("../features/payroll/RunsPage")).RunsPage }) },
      { path: "payroll/components", lazy: async () => ({ Component: (await import("../features/payroll/ComponentsPage")).ComponentsPage }) },
      { path: "payroll/:id", lazy: async () => ({ Component: (await import("../features/payroll/RunPage")).RunPage }) },
      { path: "payroll/:id/review", lazy: async () => ({ Component: (await import("../features/payroll/RunPage")).ReviewPage }) },
      { path: "transfers", lazy: async () => ({ Component: (await import("../features/transfers/TransfersPage")).TransfersPage }) },
      { path: "transfers/:id", lazy: async () => ({ Component: (await import("../features/transfers/TransferPage")).TransferPage }) },
      { path: "rosters", lazy: async () => ({ Component: (await import("../features/rosters/RostersPage")).RostersPage }) },
      { path: "rosters/:id", lazy: async () => ({ Component: (await import("../features/rosters/RosterPage")).RosterPage }) },
      { path: "deadlines", lazy: async () => ({ Component: (await import("../features/deadlines/DeadlinesPage")).DeadlinesPage }) },
      { path: "contacts", lazy: async () => ({ Component: (await import("../features/contacts/ContactsPage")).ContactsPage }) },
      { path: "notices", lazy: async () => ({ Component: (await import("../features/notices/NoticesPage")).NoticesPage }) },
      { path: "calculations", lazy: async () => ({ Component: (await import("../features/calculations/CalculationsPage")).CalculationsPage }) },
      { path: "law", lazy: async () => ({ Component: (await import("../features/law/LawPage")).LawPage }) },
      { path: "verify", lazy: async () => ({ Component: (await import("../features/verify/VerifyPage")).VerifyPage }) },
      { path: "*", element: <NotFound /> },
    ],
  },
]);
