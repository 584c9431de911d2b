import { App, Button } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Roster, RosterRow, Started } from "../../api/types";
import { FindingList } from "../../shared/FindingList";
import { ProblemNote } from "../../shared/states";

interface Props {
  roster: Roster;
  rows: RosterRow[];
  open: (row: RosterRow) => boolean;
  chosen: string[];
  onChoose: (keys: string[]) => void;
}

/** The bar that acts on the chosen rows: hire them, or hire them and start their transfers. */
export function RosterActs({ roster, rows, open, chosen, onChoose }: Props) {
  const { t } = useTranslation("rosters");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [refused, setRefused] = useState<Started["refused"]>([]);
  const all = rows.filter(open).map((row) => String(row.row));
  const picked = rows.filter((row) => chosen.includes(String(row.row)));
  const toAccept = picked.filter((row) => !row.employee_id).map((row) => row.row);
  const toTransfer = picked.filter((row) => row.verdict === "needs_transfer").map((row) => row.row);
  const params = { path: { id: roster.id } };
  const act = useMutation({
    mutationFn: async (kind: "accept" | "transfers") => {
      if (toAccept.length > 0) await unwrap(client.POST("/api/v1/rosters/{id}/accept", { params, body: { rows: toAccept } }));
      if (kind === "accept") return null;
      return unwrap<Started>(client.POST("/api/v1/rosters/{id}/transfers", { params, body: { rows: toTransfer } }));
    },
    onSuccess: (started) => {
      const done = started ? t("transfers.done", { n: started.started.length }) : t("accept.done", { n: toAccept.length });
      if (!started || started.started.length > 0) message.success(done);
      setRefused(started?.refused ?? []);
      onChoose([]);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["roster", roster.id] }),
  });
  const may = (name: string) => roster.allowed_actions.includes(name);
  if (!may("accept") && !may("start_transfers")) return null;
  if (all.length === 0 && chosen.length === 0 && refused.length === 0) return null;
  return (
    <div className="batch-bar" role="region" aria-label={t("actions")}>
      <span className="row">
        <strong className="num">{t("selected", { n: chosen.length })}</strong>
        {chosen.length < all.length && (
          <Button type="link" size="small" onClick={() => onChoose(all)}>
            {t("selectAll", { n: all.length })}
          </Button>
        )}
        {chosen.length > 0 && (
          <Button type="link" size="small" onClick={() => onChoose([])}>
            {t("clearSelection")}
          </Button>
        )}
      </span>
      <span className="row">
        {may("accept") && (
          <Button disabled={toAccept.length === 0} loading={act.isPending && act.variables === "accept"} onClick={() => act.mutate("accept")}>
            {t("accept", { n: toAccept.length })}
          </Button>
        )}
        {may("start_transfers") && (
          <Button
            type="primary"
            disabled={toTransfer.length === 0}
            loading={act.isPending && act.variables === "transfers"}
            onClick={() => act.mutate("transfers")}
          >
            {t("start", { n: toTransfer.length })}
          </Button>
        )}
      </span>
      {refused.length > 0 && (
        <div style={{ flexBasis: "100%" }} role="alert">
          <strong>{t("transfers.refused", { n: refused.length })}</strong>
          {refused.map((one) => (
            <div key={one.employee_id}>
              <Link to={`/employees/${one.employee_id}`}>
                {rows.find((row) => row.employee_id === one.employee_id)?.name ?? t("handled.employee")}
              </Link>
              <FindingList findings={one.findings} />
            </div>
          ))}
        </div>
      )}
      {act.isError && <ProblemNote error={act.error} />}
    </div>
  );
}
