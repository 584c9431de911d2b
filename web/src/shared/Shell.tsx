import { BellOutlined, GlobalOutlined, KeyOutlined, LogoutOutlined, MenuOutlined, MoonOutlined, SunOutlined, UserOutlined } from "@ant-design/icons";
import { Badge, Button, Drawer, Dropdown, Menu, Skeleton, type MenuProps } from "antd";
import { Suspense, useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation, useNavigate } from "react-router";
import { setSessionEnded } from "../api/client";
import type { Me } from "../api/types";
import { Logo } from "./Logo";
import { PasswordDialog } from "./PasswordDialog";
import { setLanguage } from "./i18n";
import { useUnread } from "./notices";
import { usePref } from "./prefs";
import { MeContext, signOut, toLogin, useCurrentSession } from "./session";
import { ErrorState } from "./states";
import { useIsPhone } from "./hooks";
import { words } from "./words";

export interface MenuEntry {
  path: string;
  label: string;
  icon: ReactNode;
  /** Shown to those who hold one of these permissions; to everybody without it. */
  needs?: string[];
  /** Heading the entry stands under. */
  group?: string;
}

/** Menu items of the entries a person may open, under their headings, in the order given. */
function menuItems(entries: MenuEntry[]): NonNullable<MenuProps["items"]> {
  const item = (entry: MenuEntry) => ({ key: entry.path, icon: entry.icon, label: entry.label });
  const headings = [...new Set(entries.map((entry) => entry.group))];
  return headings.flatMap((heading): NonNullable<MenuProps["items"]> => {
    const children = entries.filter((entry) => entry.group === heading).map(item);
    return heading ? [{ key: `group:${heading}`, type: "group" as const, label: heading, children }] : children;
  });
}

function may(me: Me, entry: MenuEntry): boolean {
  return !entry.needs || entry.needs.some((permission) => me.permissions.includes(permission));
}

function useDark(): [boolean, () => void] {
  const [mode, setMode] = usePref("theme", matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  return [mode === "dark", () => setMode(mode === "dark" ? "light" : "dark")];
}

/** Language and dark mode, for pages with and without a session. */
export function Preferences() {
  const { t, i18n } = useTranslation();
  const [dark, toggleDark] = useDark();
  return (
    <>
      <Button
        type="text"
        aria-label={t("language")}
        title={t("language")}
        icon={<GlobalOutlined />}
        onClick={() => void setLanguage(i18n.language === "en" ? "zh-CN" : "en")}
      />
      <Button
        type="text"
        aria-label={dark ? t("theme.light") : t("theme.dark")}
        title={dark ? t("theme.light") : t("theme.dark")}
        icon={dark ? <SunOutlined /> : <MoonOutlined />}
        onClick={toggleDark}
      />
    </>
  );
}

interface ShellProps {
  portal: "employer" | "agency" | "me";
  entries: MenuEntry[];
  /** Where the bell leads; no bell without it. */
  noticesPath?: string;
}

function activePath(entries: MenuEntry[], pathname: string): string {
  const hits = entries.filter((entry) => pathname === entry.path || (entry.path !== "/" && pathname.startsWith(`${entry.path}/`)));
  return hits.sort((a, b) => b.path.length - a.path.length)[0]?.path ?? "";
}

/** Frame of a signed-in portal: menu, organisation, notices, account. */
export function Shell({ portal, entries, noticesPath }: ShellProps) {
  const session = useCurrentSession();
  useEffect(() => setSessionEnded(toLogin), []);
  const foreign = session.data && session.data.portal !== portal && !(portal === "agency" && session.data.portal === "platform");
  useEffect(() => {
    if (foreign) location.assign(`/${session.data?.portal}/`);
  }, [foreign, session.data?.portal]);
  if (session.isError) return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
  if (!session.data || foreign) {
    return (
      <div className="shell-body">
        <Skeleton active paragraph={{ rows: 6 }} />
      </div>
    );
  }
  return (
    <MeContext value={session.data}>
      <Frame portal={portal} entries={entries.filter((entry) => may(session.data, entry))} noticesPath={noticesPath} />
    </MeContext>
  );
}

function Frame({ portal, entries, noticesPath }: ShellProps) {
  const { t } = useTranslation();
  const phone = useIsPhone();
  const [open, setOpen] = useState(false);
  const location = useLocation();
  const navigate = useNavigate();
  const menu = (
    <Menu
      mode="inline"
      selectedKeys={[activePath(entries, location.pathname)]}
      onClick={({ key }) => {
        setOpen(false);
        void navigate(key);
      }}
      items={menuItems(entries)}
    />
  );
  const brand = (
    <Link to="/" className="shell-brand">
      <Logo />
      <span>
        {t("product")}
        <small>{t(`portal.${portal}`)}</small>
      </span>
    </Link>
  );
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      {phone && portal !== "me" ? (
        <Drawer open={open} onClose={() => setOpen(false)} placement="left" size={260} title={brand} styles={{ body: { padding: 8 } }}>
          <nav aria-label={t("menu")}>{menu}</nav>
        </Drawer>
      ) : phone ? null : (
        <aside className="shell-side">
          <div className="shell-side-in">
            {brand}
            <nav aria-label={t("menu")}>{menu}</nav>
          </div>
        </aside>
      )}
      <div style={{ minWidth: 0 }}>
        <Head onMenu={phone && portal !== "me" ? () => setOpen(true) : undefined} small={phone} noticesPath={noticesPath} />
        <main id="main" className="shell-body" tabIndex={-1}>
          <Suspense fallback={<Skeleton active />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      {phone && portal === "me" && <Tabs entries={entries} active={activePath(entries, location.pathname)} label={t("menu")} />}
    </div>
  );
}

/** The phone's menu: a bar at the thumb. */
function Tabs({ entries, active, label }: { entries: MenuEntry[]; active: string; label: string }) {
  return (
    <nav className="shell-tabs" aria-label={label}>
      {entries.map((entry) => (
        <Link key={entry.path} to={entry.path} aria-current={entry.path === active ? "page" : undefined}>
          {entry.icon}
          <span>{entry.label}</span>
        </Link>
      ))}
    </nav>
  );
}

function Head({ onMenu, noticesPath, small }: { onMenu?: () => void; noticesPath?: string; small: boolean }) {
  const { t } = useTranslation();
  const session = useCurrentSession();
  const me = session.data;
  if (!me) return null;
  return (
    <header className="shell-head">
      {onMenu && <Button type="text" aria-label={t("menu")} icon={<MenuOutlined />} onClick={onMenu} />}
      <span className="shell-org" title={me.organisation.name}>
        {me.organisation.name}
      </span>
      <span className="shell-grow" />
      {noticesPath && <Bell path={noticesPath} />}
      {!small && <Preferences />}
      <Account me={me} small={small} />
    </header>
  );
}

function Bell({ path }: { path: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const n = useUnread();
  return (
    <Badge count={n} size="small" offset={[-2, 4]} styles={{ indicator: { background: "#c41d28", color: "#fff" } }}>
      <Button
        type="text"
        icon={<BellOutlined />}
        aria-label={n > 0 ? t("notices.unread", { n }) : t("notices")}
        onClick={() => void navigate(path)}
      />
    </Badge>
  );
}

function Account({ me, small }: { me: Me; small: boolean }) {
  const { t, i18n } = useTranslation();
  const [changing, setChanging] = useState(false);
  const role = words(me.role_name);
  const [dark, toggleDark] = useDark();
  const extra = small
    ? [
        { key: "language", icon: <GlobalOutlined />, label: t("language"), onClick: () => void setLanguage(i18n.language === "en" ? "zh-CN" : "en") },
        { key: "theme", icon: dark ? <SunOutlined /> : <MoonOutlined />, label: dark ? t("theme.light") : t("theme.dark"), onClick: toggleDark },
      ]
    : [];
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "who", label: `${me.name} · ${role}`, disabled: true },
            ...extra,
            { type: "divider" as const },
            { key: "password", icon: <KeyOutlined />, label: t("password.title"), onClick: () => setChanging(true) },
            { key: "logout", icon: <LogoutOutlined />, label: t("logout"), onClick: () => void signOut() },
          ],
        }}
      >
        <Button type="text" icon={<UserOutlined />} aria-label={`${me.name} ${role}`}>
          {small ? null : me.name}
        </Button>
      </Dropdown>
      <PasswordDialog open={changing || me.must_change} forced={me.must_change} onClose={() => setChanging(false)} />
    </>
  );
}
