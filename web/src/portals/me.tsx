import { BellOutlined, CalendarOutlined, FormOutlined, HomeOutlined, WalletOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { MePage } from "../features/me/MePage";
import { NotFound } from "../shared/NotFound";
import { PublicShell } from "../shared/PublicShell";
import { Shell } from "../shared/Shell";
import { startPortal } from "../shared/boot";

/** Frame of a signed-in employee's pages; on the phone the entries stand at the bottom. */
function MeShell() {
  const { t } = useTranslation("me");
  return (
    <Shell
      portal="me"
      entries={[
        { path: "/today", label: t("menu.today"), icon: <HomeOutlined /> },
        { path: "/attendance", label: t("menu.attendance"), icon: <CalendarOutlined /> },
        { path: "/requests", label: t("menu.requests"), icon: <FormOutlined /> },
        { path: "/payslips", label: t("menu.payslips"), icon: <WalletOutlined /> },
        { path: "/notices", label: t("menu.notices"), icon: <BellOutlined /> },
      ]}
    />
  );
}

void startPortal("/me", [
  {
    element: <PublicShell />,
    children: [{ index: true, element: <MePage /> }],
  },
  {
    element: <MeShell />,
    children: [
      { path: "today", lazy: async () => ({ Component: (await import("../features/attendance/MyTodayPage")).MyTodayPage }) },
      { path: "attendance", lazy: async () => ({ Component: (await import("../features/attendance/MyMonthPage")).MyMonthPage }) },
      { path: "requests", lazy: async () => ({ Component: (await import("../features/attendance/MyRequestsPage")).MyRequestsPage }) },
      { path: "payslips", lazy: async () => ({ Component: (await import("../features/me/payslips/PayslipsPage")).PayslipsPage }) },
      { path: "payslips/:run", lazy: async () => ({ Component: (await import("../features/me/payslips/PayslipPage")).PayslipPage }) },
      { path: "calculations", lazy: async () => ({ Component: (await import("../features/calculations/CalculationsPage")).CalculationsPage }) },
      { path: "notices", lazy: async () => ({ Component: (await import("../features/notices/NoticesPage")).NoticesPage }) },
      { path: "*", element: <NotFound /> },
    ],
  },
]);
