import { Suspense } from "react";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Outlet } from "react-router";
import { Logo } from "./Logo";
import { Preferences } from "./Shell";

/** Frame of the pages that need no session. */
export function PublicShell() {
  const { t } = useTranslation();
  return (
    <div className="public">
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <header className="public-head">
        <a href="/" className="row" style={{ color: "inherit", fontWeight: 600, fontSize: 16 }}>
          <Logo /> {t("product")}
        </a>
        <span className="shell-grow" />
        <Preferences />
      </header>
      <main id="main" className="public-body" tabIndex={-1}>
        <Suspense fallback={<Skeleton active />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
