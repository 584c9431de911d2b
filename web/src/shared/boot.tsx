import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import "antd/dist/reset.css";
import { Component, StrictMode, useEffect, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { useTranslation } from "react-i18next";
import { createBrowserRouter, RouterProvider, type RouteObject } from "react-router";
import { Problem } from "../api/problem";
import { startI18n } from "./i18n";
import { usePref } from "./prefs";
import "./styles.css";
import { themeOf } from "./theme";

/** Answers a retry cannot change are not asked for again. */
function shouldRetry(count: number, error: unknown): boolean {
  if (error instanceof Problem && error.status >= 400 && error.status < 500) return false;
  return count < 1;
}

export function newQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: shouldRetry, staleTime: 5_000, refetchOnWindowFocus: true } } });
}

export function Providers({ client, children }: { client: QueryClient; children: ReactNode }) {
  const { i18n } = useTranslation();
  const [mode] = usePref("theme", matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const dark = mode === "dark";
  useEffect(() => {
    document.documentElement.classList.add("shebao");
    document.documentElement.classList.toggle("dark", dark);
  }, [dark]);
  useEffect(() => {
    dayjs.locale(i18n.language === "en" ? "en" : "zh-cn");
  }, [i18n.language]);
  return (
    <QueryClientProvider client={client}>
      <ConfigProvider
        theme={themeOf(dark)}
        locale={i18n.language === "en" ? enUS : zhCN}
        button={{ autoInsertSpace: false }}
        componentSize="medium"
        form={{ scrollToFirstError: { focus: true, block: "center" } }}
      >
        <AntApp>{children}</AntApp>
      </ConfigProvider>
    </QueryClientProvider>
  );
}

class Boundary extends Component<{ children: ReactNode; fallback: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}

function PageFailed() {
  const { t } = useTranslation();
  return (
    <div className="state" role="alert">
      <strong>{t("error.page")}</strong>
      <span>{t("error.page.body")}</span>
    </div>
  );
}

/** Starts one portal: its routes under its base path, in the providers every page needs. */
export async function startPortal(basename: string, routes: RouteObject[]): Promise<void> {
  await startI18n();
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no #root");
  const router = createBrowserRouter(
    // The page's own skeleton (in its HTML) shows until the first route is loaded.
    routes.map((route) => ({ ...route, errorElement: <PageFailed />, hydrateFallbackElement: <></> })),
    { basename },
  );
  createRoot(root).render(
    <StrictMode>
      <Providers client={newQueryClient()}>
        <Boundary fallback={<PageFailed />}>
          <RouterProvider router={router} />
        </Boundary>
      </Providers>
    </StrictMode>,
  );
}
