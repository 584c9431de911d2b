import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageHead } from "./bits";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("notFound.title")} lead={t("notFound.body")} />
      <Link to="/">{t("backHome")}</Link>
    </>
  );
}
