import {
  AlertOutlined,
  BankOutlined,
  BellOutlined,
  BookOutlined,
  CalculatorOutlined,
  CalendarOutlined,
  CheckSquareOutlined,
  ColumnHeightOutlined,
  ContactsOutlined,
  DiffOutlined,
  FileSearchOutlined,
  HistoryOutlined,
  HomeOutlined,
  ScheduleOutlined,
  PayCircleOutlined,
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
        { path: "/attendance", label: t("menu.attendance"), icon: <ScheduleOutlined />, needs: ["attendance_view"], group: t("group.time") },
        { path: "/transfers", label: t("menu.transfers"), icon: <SwapOutlined />, needs: ["insurance_view"], group: t("group.insurance") },
        {
          path: "/insurance-month",
          label: t("menu.insuranceMonth"),
          icon: <CalendarOutlined />,
          needs: ["insurance_view"],
          group: t("group.insurance"),
        },
        {
          path: "/insurance-tasks",
          label: t("menu.insuranceTasks"),
          icon: <CheckSquareOutlined />,
          needs: ["insurance_view"],
          group: t("group.insurance"),
        },
        { path: "/bills", label: t("menu.bills"), icon: <PayCircleOutlined />, needs: ["bill_view"], group: t("group.insurance") },
        { path: "/reconcile", label: t("menu.reconcile"), icon: <DiffOutlined />, needs: ["bill_view"], group: t("group.insurance") },
        { path: "/bases", label: t("menu.bases"), icon: <ColumnHeightOutlined />, needs: ["insurance_file"], group: t("group.insurance") },
        { path: "/retro", label: t("menu.retro"), icon: <HistoryOutlined />, needs: ["insurance_file"], group: t("group.insurance") },
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

void startPortal("/employer", [
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
      { path: "payroll/inputs", lazy: async () => ({ Component: (await import("../features/payroll/InputsPage")).InputsPage }) },
      { path: "payroll/:id", lazy: async () => ({ Component: (await import("../features/payroll/RunPage")).RunPage }) },
      { path: "payroll/:id/review", lazy: async () => ({ Component: (await import("../features/payroll/RunPage")).ReviewPage }) },
      { path: "attendance", lazy: async () => ({ Component: (await import("../features/attendance/GridPage")).GridPage }) },
      { path: "attendance/requests", lazy: async () => ({ Component: (await import("../features/attendance/RequestsPage")).RequestsPage }) },
      { path: "attendance/closing", lazy: async () => ({ Component: (await import("../features/attendance/ClosingPage")).ClosingPage }) },
      { path: "attendance/import", lazy: async () => ({ Component: (await import("../features/attendance/ImportPage")).ImportPage }) },
      { path: "attendance/settings", lazy: async () => ({ Component: (await import("../features/attendance/SettingsPage")).SettingsPage }) },
      { path: "transfers", lazy: async () => ({ Component: (await import("../features/transfers/TransfersPage")).TransfersPage }) },
      { path: "transfers/:id", lazy: async () => ({ Component: (await import("../features/transfers/TransferPage")).TransferPage }) },
      { path: "rosters", lazy: async () => ({ Component: (await import("../features/rosters/RostersPage")).RostersPage }) },
      { path: "rosters/:id", lazy: async () => ({ Component: (await import("../features/rosters/RosterPage")).RosterPage }) },
      { path: "deadlines", lazy: async () => ({ Component: (await import("../features/deadlines/DeadlinesPage")).DeadlinesPage }) },
      { path: "insurance-month", lazy: async () => ({ Component: (await import("../features/declarations/MonthPage")).MonthPage }) },
      { path: "declarations/:id", lazy: async () => ({ Component: (await import("../features/declarations/DeclarationPage")).DeclarationPage }) },
      { path: "bases", lazy: async () => ({ Component: (await import("../features/declarations/BasesPage")).BasesPage }) },
      { path: "retro", lazy: async () => ({ Component: (await import("../features/declarations/RetroPage")).RetroPage }) },
      { path: "retro/:id", lazy: async () => ({ Component: (await import("../features/declarations/RetroPage")).RetroDetailPage }) },
      { path: "insurance-tasks", lazy: async () => ({ Component: (await import("../features/tasks/TasksPage")).TasksPage }) },
      { path: "bills", lazy: async () => ({ Component: (await import("../features/bills/BillsPage")).BillsPage }) },
      { path: "bills/:id", lazy: async () => ({ Component: (await import("../features/bills/BillPage")).BillPage }) },
      { path: "reconcile", lazy: async () => ({ Component: (await import("../features/reconcile/ReconcilePage")).ReconcilePage }) },
      { path: "contacts", lazy: async () => ({ Component: (await import("../features/contacts/ContactsPage")).ContactsPage }) },
      { path: "notices", lazy: async () => ({ Component: (await import("../features/notices/NoticesPage")).NoticesPage }) },
      { path: "calculations", lazy: async () => ({ Component: (await import("../features/calculations/CalculationsPage")).CalculationsPage }) },
      { path: "law", lazy: async () => ({ Component: (await import("../features/law/LawPage")).LawPage }) },
      { path: "verify", lazy: async () => ({ Component: (await import("../features/verify/VerifyPage")).VerifyPage }) },
      { path: "*", element: <NotFound /> },
    ],
  },
]);
