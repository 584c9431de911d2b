import { App, Button, Popconfirm } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { client, unwrap } from "../../api/client";
import type { RosterDetail, RosterRow, Started } from "../../api/types";
import { FindingList } from "../../shared/FindingList";
import { ProblemNote } from "../../shared/states";

interface Props {
  roster: RosterDetail;
  rows: RosterRow[];
  chosen: string[];
  onChoose: (keys: string[]) => void;
}

type Kind = "accept" | "transfers";

/**
 * The bar that acts on the chosen rows, or on every row that waits when none is chosen: hire them, or hire those who need a
 * transfer and start it. Each button acts on the people it counts and on nobody else.
 */
export function RosterActs({ roster, rows, chosen, onChoose }: Props) {
  const { t } = useTranslation("rosters");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [refused, setRefused] = useState<Started["refused"]>([]);
  const all = rows.filter((row) => row.allowed_actions.length > 0).map((row) => String(row.row));
  const picked = rows.filter((row) => chosen.includes(String(row.row)));
  const numbers = (action: string) => picked.filter((row) => row.allowed_actions.includes(action)).map((row) => row.row);
  const everything = chosen.length === 0;
  const toAccept = everything ? null : numbers("accept");
  const toTransfer = everything ? null : numbers("start_transfers");
  const params = { path: { id: roster.id } };
  const act = useMutation({
    mutationFn: async (kind: Kind) => {
      if (kind === "transfers") return startTransfers(roster.id, toTransfer);
      const made = await unwrap<{ created: number }>(client.POST("/api/v1/rosters/{id}/accept", { params, body: { rows: toAccept } }));
      return { people: made.created, refused: [] as Started["refused"] };
    },
    onSuccess: (done, kind) => {
      if (done.people > 0) message.success(t(`${kind}.done`, { n: done.people }));
      setRefused(done.refused);
      onChoose([]);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["roster", roster.id] }),
  });
  const may = (name: string) => roster.allowed_actions.includes(name);
  if (!may("accept") && !may("start_transfers")) return null;
  const waits = roster.waiting.hire + roster.waiting.transfer > 0;
  if (!waits && refused.length === 0) return null;
  const button = (kind: Kind, picks: number[] | null, waiting: number) => (
    <ActButton
      kind={kind}
      all={picks === null}
      n={picks?.length ?? waiting}
      loading={act.isPending && act.variables === kind}
      disabled={act.isPending}
      onAct={() => act.mutate(kind)}
    />
  );
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
        {may("accept") && button("accept", toAccept, roster.waiting.hire)}
        {may("start_transfers") && button("transfers", toTransfer, roster.waiting.transfer)}
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

/** All at once is asked about first: a slip would hire a whole roster. */
function ActButton(props: { kind: Kind; all: boolean; n: number; loading: boolean; disabled: boolean; onAct: () => void }) {
  const { t } = useTranslation("rosters");
  const { kind, all, n } = props;
  const button = (
    <Button
      type={kind === "transfers" ? "primary" : "default"}
      disabled={n === 0 || props.disabled}
      loading={props.loading}
      onClick={all ? undefined : props.onAct}
    >
      {t(all ? `${kind}.all` : `${kind}.chosen`, { n })}
    </Button>
  );
  if (!all || n === 0) return button;
  return (
    <Popconfirm title={t(`${kind}.sure`, { n })} onConfirm={props.onAct}>
      {button}
    </Popconfirm>
  );
}

/** Starts the transfers of the named rows, or of all: some hundreds a call, until none is left or none can be started. */
async function startTransfers(id: string, rows: number[] | null) {
  const params = { path: { id } };
  let people = 0;
  const refused: Started["refused"] = [];
  for (;;) {
    const part = await unwrap<Started>(client.POST("/api/v1/rosters/{id}/transfers", { params, body: { rows } }));
    people += part.people;
    for (const one of part.refused) if (!refused.some((known) => known.employee_id === one.employee_id)) refused.push(one);
    if (part.remaining === 0 || part.people === 0) return { people, refused };
  }
}
