import { App, Button, Form } from "antd";
import { useMutation } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { applyToForm, asProblem } from "../../api/problem";
import type { Finding, NewEmployee, StatusReport } from "../../api/types";
import { PageHead, Panel } from "../../shared/bits";
import { today } from "../../shared/dates";
import { useDebounced } from "../../shared/hooks";
import { readId } from "../../shared/id-number";
import { fen } from "../../shared/money";
import { useMe } from "../../shared/session";
import { EmptyState, ProblemNote } from "../../shared/states";
import { LeaveGuard } from "../../shared/unsaved";
import { hire, startTransfer, useEmployerRegion, useStatusQuery, type Question } from "./api";
import { HiredPanel, type Outcome } from "./HiredPanel";
import { HireFields } from "./HireFields";
import { transferSource } from "./next-action";
import { OverrideDialog } from "./OverrideDialog";
import { PersonFields } from "./PersonFields";
import { StatusPanel } from "./StatusPanel";

interface Entry {
  name?: string;
  id_number?: string;
  phone?: string;
  hired_on?: Dayjs;
  region?: string;
  department?: string;
  position?: string;
  wage?: string;
}

/** The text of the name and number settles this long before the query starts; short enough to feel immediate. */
const SETTLE_MS = 250;

function toEmployee(entry: Entry, overrideReason?: string): NewEmployee {
  return {
    name: (entry.name ?? "").trim(),
    id_number: readIdValue(entry.id_number),
    phone: entry.phone?.trim() || undefined,
    hired_on: entry.hired_on?.format("YYYY-MM-DD") ?? "",
    region: entry.region ?? "",
    department: entry.department?.trim() || undefined,
    position: entry.position?.trim() || undefined,
    wage_fen: entry.wage ? (fen(String(entry.wage)) ?? undefined) : undefined,
    override_reason: overrideReason,
  };
}

/** The number as stored once it is whole and right; nothing before. */
function wholeId(text: string): string {
  const reading = readId(text);
  return reading.state === "good" ? reading.facts.value : "";
}

function readIdValue(text: string | undefined): string {
  const reading = readId(text ?? "", true);
  return reading.state === "good" ? reading.facts.value : (text ?? "").trim();
}

/** Entered and left again: HR may see the employees and not hire. */
export function OnboardingPage() {
  const { t } = useTranslation("onboarding");
  const me = useMe();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  if (!me.permissions.includes("employee_edit") || !me.permissions.includes("status_query")) {
    return (
      <>
        <PageHead title={t("title")} />
        <EmptyState title={t("denied")} action={<Link to="/employees">{t("denied.employees")}</Link>}>
          {t("denied.note")}
        </EmptyState>
      </>
    );
  }
  if (outcome) return <HiredPanel outcome={outcome} onNext={() => setOutcome(null)} />;
  return <Onboarding onHired={setOutcome} />;
}

/** The question the entry asks, and whether its answer is still to come. */
function useCheck(wanted: Question | null) {
  const settled = useDebounced(wanted, SETTLE_MS);
  const question = wanted === null ? null : settled;
  const query = useStatusQuery(question);
  const { data } = query;
  const stops = data?.findings.filter((finding) => finding.severity === "blocking") ?? [];
  return {
    question,
    query,
    // Without an answer because nobody can be reached, hiring goes on; with the answer on its way, it waits.
    waiting: wanted !== null && (settled !== wanted || (data === undefined && !query.isError)),
    blocking: stops.length > 0,
    overridable: stops.every((finding) => finding.overridable),
  };
}

/** What may lie in the form unsent. City and day are filled in by themselves. */
const TYPED = ["name", "id_number", "phone", "wage", "department", "position"] as const;

interface Submission {
  reason?: string;
  transfer?: StatusReport;
}

/** Hires, and starts the transfer when it was asked for. Once hired, nothing on the way may hire again. */
async function carryOut(entry: Entry, { reason, transfer }: Submission): Promise<Outcome & { transferId?: string }> {
  const hired = await hire(toEmployee(entry, reason));
  const source = transfer && (transferSource(hired) ?? transferSource(transfer));
  if (!source) return { hired };
  try {
    return { hired, transferId: (await startTransfer(hired.employee.id, source.region, source.insurance)).id };
  } catch (failed) {
    return { hired, failed };
  }
}

function Onboarding({ onHired }: { onHired: (outcome: Outcome) => void }) {
  const { t } = useTranslation("onboarding");
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [form] = Form.useForm<Entry>();
  const [overriding, setOverriding] = useState(false);
  const [rest, setRest] = useState<Finding[] | null>(null);
  // Both hold at once, before the screen is drawn again: a second click finds the first one under way.
  const busy = useRef(false);
  const done = useRef(false);
  const home = useEmployerRegion();
  useEffect(() => {
    // The company's own city, once known, unless HR already chose one.
    if (home && form.getFieldValue("region") === undefined) form.setFieldValue("region", home);
  }, [home, form]);
  const name = (Form.useWatch("name", form) ?? "").trim();
  const idText = Form.useWatch("id_number", form) ?? "";
  const region = Form.useWatch("region", form);
  const hiredOn = Form.useWatch("hired_on", form)?.format("YYYY-MM-DD");
  const reading = readId(idText);
  const idNumber = wholeId(idText);
  const wanted = useMemo<Question | null>(
    () => (idNumber && name.length >= 2 ? { name, idNumber, region, hiredOn } : null),
    [name, idNumber, region, hiredOn],
  );
  const { question, query, waiting, blocking, overridable } = useCheck(wanted);

  const finish = useMutation({
    mutationFn: ({ entry, how }: { entry: Entry; how: Submission }) => carryOut(entry, how),
    onSuccess: ({ transferId, ...outcome }) => {
      done.current = true;
      const { employee, findings } = outcome.hired;
      if (transferId) {
        message.success(t("done.transfer"));
        return void navigate(`/transfers/${transferId}`);
      }
      const open = outcome.failed !== undefined || findings.some((finding) => finding.severity !== "info");
      if (open) return onHired(outcome);
      message.success(t("done.hire"));
      void navigate(`/employees/${employee.id}`);
    },
    onError: (error) => {
      busy.current = false;
      setRest(applyToForm(form, asProblem(error)));
    },
  });

  const submit = async (how: Submission) => {
    // Enter right after the last character comes before the screen knows of it.
    const { name: typed = "", id_number: digits = "" } = form.getFieldsValue(["name", "id_number"]) as Entry;
    const [nameNow, idNow] = [typed.trim(), wholeId(digits)];
    const behind = idNow !== "" && nameNow.length >= 2 && (wanted?.idNumber !== idNow || wanted.name !== nameNow);
    if (busy.current || waiting || behind || (blocking && !how.reason && !how.transfer)) return;
    busy.current = true;
    setRest(null);
    try {
      const entry = await form.validateFields();
      finish.mutate({ entry, how });
    } catch {
      busy.current = false;
      message.warning(t("fillFirst"));
    }
  };

  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <LeaveGuard unsaved={() => !done.current && TYPED.some((field) => !!form.getFieldValue(field))} />
      <Form<Entry>
        form={form}
        layout="vertical"
        initialValues={{ region: home, hired_on: dayjs(today()) }}
        onFinish={() => void submit({})}
        autoComplete="off"
      >
        <div className="onboarding">
          <div className="onboarding-person">
            <Panel title={t("person")}>
              <PersonFields reading={reading} />
            </Panel>
          </div>
          <div className="onboarding-status">
            <StatusPanel
              asked={question !== null}
              query={query}
              hint={idNumber && name.length < 2 ? t("query.needName") : t("query.hint")}
              onTransfer={() => void submit({ transfer: query.data })}
              transferring={finish.isPending}
            />
          </div>
          <div className="onboarding-hire">
            <Panel title={t("hire")}>
              <HireFields />
              <div className="stack tight">
                {rest !== null && finish.isError && <ProblemNote error={finish.error} findings={rest} />}
                <div className="row">
                  <Button type={blocking ? "default" : "primary"} htmlType="submit" loading={finish.isPending} disabled={blocking || waiting}>
                    {waiting ? t("submit.waiting") : t("submit")}
                  </Button>
                  {blocking && overridable && !waiting && (
                    <Button type="link" onClick={() => setOverriding(true)}>
                      {t("override")}
                    </Button>
                  )}
                </div>
                {waiting && <span className="soft small">{t("submit.waiting.note")}</span>}
                {blocking && !waiting && <span className="soft small">{overridable ? t("blocked") : t("blocked.firm")}</span>}
              </div>
            </Panel>
          </div>
        </div>
      </Form>
      <OverrideDialog
        open={overriding}
        onCancel={() => setOverriding(false)}
        onConfirm={(reason) => {
          setOverriding(false);
          void submit({ reason });
        }}
      />
    </>
  );
}
