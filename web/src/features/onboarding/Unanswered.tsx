import { ReloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Advice } from "../../api/types";
import { FindingText } from "../../shared/FindingList";
import { regionName } from "../../shared/regions";

/** Seconds between two questions to a region that was silent. */
const EVERY_S = 5;
/** A region silent for a minute is left to the server's own job. */
const TIMES = 12;

interface Props {
  regions: string[];
  /** The server's findings that name the silence. */
  findings: Advice[];
  fetching: boolean;
  refetch: () => void;
}

/** Who has not answered yet: named once, and asked again from here until there is an answer. */
export function Unanswered({ regions, findings, fetching, refetch }: Props) {
  const { t } = useTranslation("onboarding");
  const [asked, setAsked] = useState(0);
  const [left, setLeft] = useState(EVERY_S);
  const over = asked >= TIMES;
  useEffect(() => {
    if (fetching || over) return;
    const timer = setTimeout(() => {
      if (left > 1) return setLeft(left - 1);
      setAsked((n) => n + 1);
      setLeft(EVERY_S);
      refetch();
    }, 1000);
    return () => clearTimeout(timer);
  }, [left, fetching, over, refetch]);
  const names = regions.length > 0 ? regions.map(regionName).join(t("listSeparator")) : t("asking.nation");
  const first = findings[0];
  return (
    <div className="finding warning" data-testid="unanswered">
      {regions.length === 0 && first ? <FindingText finding={first} /> : <div className="what">{t("unanswered", { regions: names })}</div>}
      <div className="then">{t("unanswered.note")}</div>
      <div className="then" aria-live="off">
        {fetching ? t("asking", { regions: names }) : over ? t("asking.over") : t("asking.in", { n: left, k: asked + 1, of: TIMES })}
      </div>
      {regions.length > 0 && first && (
        <div className="rule">
          {t("who")} {t(`who.${first.who ?? "system"}`)} · <span className="mono">{first.rule}</span>
        </div>
      )}
      <div className="do">
        <Button onClick={refetch} loading={fetching} icon={<ReloadOutlined />}>
          {t("query.again")}
        </Button>
      </div>
    </div>
  );
}
