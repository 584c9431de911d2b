import { useTranslation } from "react-i18next";
import { PageHead, Panel } from "../../shared/bits";
import { useMe } from "../../shared/session";

/** The first page of a signed-in employee: who, where, and what today asks for. */
export function TodayPage() {
  const { t } = useTranslation("me");
  const me = useMe();
  return (
    <div className="stack" style={{ maxWidth: 560, margin: "0 auto" }}>
      <PageHead title={t("hello", { name: me.name })} lead={me.organisation.name} />
      <Panel title={t("today")}>
        <p className="soft">{t("today.body")}</p>
      </Panel>
    </div>
  );
}
