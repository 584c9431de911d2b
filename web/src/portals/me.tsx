import { BellOutlined, HomeOutlined } from "@ant-design/icons";
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
        { path: "/notices", label: t("menu.notices"), icon: <BellOutlined /> },
      ]}
    />
  );
}

startPortal("/me", [
  {
    element: <PublicShell />,
    children: [{ index: true, element: <MePage /> }],
  },
  {
    element: <MeShell />,
    children: [
      { path: "today", lazy: async () => ({ Component: (await import("../features/me/TodayPage")).TodayPage }) },
      { path: "notices", lazy: async () => ({ Component: (await import("../features/notices/NoticesPage")).NoticesPage }) },
      { path: "*", element: <NotFound /> },
    ],
  },
]);
