import {
  AlertOutlined,
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
        { path: "/onboarding", label: t("menu.onboarding"), icon: <UserAddOutlined /> },
        { path: "/rosters", label: t("menu.rosters"), icon: <UploadOutlined /> },
        { path: "/employees", label: t("menu.employees"), icon: <TeamOutlined /> },
        { path: "/transfers", label: t("menu.transfers"), icon: <SwapOutlined /> },
        { path: "/deadlines", label: t("menu.deadlines"), icon: <AlertOutlined /> },
        { path: "/calculations", label: t("menu.calculations"), icon: <CalculatorOutlined /> },
        { path: "/law", label: t("menu.law"), icon: <BookOutlined /> },
        { path: "/contacts", label: t("menu.contacts"), icon: <ContactsOutlined /> },
        { path: "/verify", label: t("menu.verify"), icon: <FileSearchOutlined /> },
        { path: "/notices", label: t("menu.notices"), icon: <BellOutlined /> },
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
      { path: "employees/:id", lazy: async () => ({ Component: (await import("../features/employees/EmployeePage")).EmployeePage }) },
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
