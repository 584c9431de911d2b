import { useTranslation } from "react-i18next";
import type { ViewField, Words } from "../../api/types";
import { Panel, StatusTag } from "../../shared/bits";
import { words } from "../../shared/words";

/** One group of the case's form as it will take effect; what the case changes is marked, with the value before. */
export function SectionPanel({ section }: { section: { title: Words; fields: ViewField[] } }) {
  const { t } = useTranslation("review");
  if (section.fields.length === 0) return null;
  return (
    <Panel title={words(section.title)}>
      <dl className="facts">
        {section.fields.map((field) => (
          <div key={field.key} id={`field-${field.key}`}>
            <dt>
              {words(field.label)} {field.changed && <StatusTag tone="warning">{t("changed")}</StatusTag>}
            </dt>
            <dd>
              {field.value || "—"}
              {field.changed && field.before && <div className="soft small">{t("before", { value: field.before })}</div>}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
