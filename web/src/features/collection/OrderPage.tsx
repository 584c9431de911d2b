import { Alert, Button, Input, Modal } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { client, unwrap } from "../../api/client";
import { Facts, InsuranceName, Money, PageHead, Panel, StatusTag } from "../../shared/bits";
import { DataTable } from "../../shared/DataTable";
import { instant } from "../../shared/dates";
import { yuan } from "../../shared/money";
import { PdfPreview } from "../../shared/PdfPreview";
import { EmptyState, ErrorState, ProblemNote } from "../../shared/states";
import { words } from "../../shared/words";
import { RefundDialog } from "./RefundDialog";
import { stateTone, type OrderDetail, type OrderPersonRow, type PaymentView } from "./orders";

export function OrderPage() {
  const { t } = useTranslation("collection");
  const { id = "" } = useParams();
  const order = useQuery({
    queryKey: ["order", id],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/collection/orders/{id}", { params: { path: { id } }, signal })),
  });
  const back = { to: "/collection", label: t("title") };
  if (order.error) return <ErrorState error={order.error} onRetry={() => void order.refetch()} />;
  const one = order.data;
  return (
    <div className="stack">
      <PageHead
        title={one ? `${t("order")} ${one.order_number}` : t("order")}
        back={back}
        lead={one && <StatusTag tone={stateTone(one.state)}>{t(`state.${one.state}`)}</StatusTag>}
        actions={one && <Actions order={one} />}
      />
      {one && <Body order={one} />}
    </div>
  );
}

function Actions({ order }: { order: OrderDetail }) {
  const { t } = useTranslation("collection");
  const [dialog, setDialog] = useState<"cancel" | "refund">();
  return (
    <>
      {order.allowed_actions.includes("cancel") && (
        <Button danger onClick={() => setDialog("cancel")}>
          {t("cancelOrder")}
        </Button>
      )}
      {order.allowed_actions.includes("refund") && (
        <Button type="primary" onClick={() => setDialog("refund")}>
          {t("refund.propose")}
        </Button>
      )}
      {dialog === "cancel" && <CancelDialog order={order} onClose={() => setDialog(undefined)} />}
      {dialog === "refund" && (
        <RefundDialog
          source="order"
          sourceId={order.order_id}
          amountFen={order.total_fen}
          payee={order.employer_name}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  );
}

function CancelDialog({ order, onClose }: { order: OrderDetail; onClose: () => void }) {
  const { t } = useTranslation("collection");
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/collection/orders/{id}/cancel", { params: { path: { id: order.order_id } }, body: { reason } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["order", order.order_id] });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t("cancelOrder")}
      okText={t("cancelOrder")}
      okButtonProps={{ danger: true, disabled: !reason.trim(), loading: cancel.isPending }}
      onOk={() => cancel.mutate()}
      onCancel={onClose}
    >
      <div className="stack tight">
        <p>{t("cancelOrder.note")}</p>
        <Input.TextArea
          aria-label={t("reason")}
          placeholder={t("reason")}
          maxLength={200}
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {cancel.isError && <ProblemNote error={cancel.error} />}
      </div>
    </Modal>
  );
}

function Body({ order }: { order: OrderDetail }) {
  const { t } = useTranslation("collection");
  return (
    <>
      {order.closed_reason && <Alert type="info" showIcon title={`${t("state.cancelled")}：${order.closed_reason}`} />}
      {order.late_fee_fen > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("late.title", { days: order.days_late, fee: yuan(order.late_fee_fen) })}
          description={t("late.rule")}
        />
      )}
      <Panel title={t("amounts")}>
        <div className="stack">
          <Facts
            items={[
              [t("employer"), order.employer_name],
              [t("month"), order.month],
              [t("kind"), t(`kind.${order.kind}`)],
              [t("people"), order.people],
              [t("total"), <Money key="total" fen={order.total_fen} />],
              [t("open"), <Money key="open" fen={order.open_fen} />],
              [t("held"), <Money key="held" fen={order.held_fen} />],
              [t("latePaid"), <Money key="late" fen={order.late_paid_fen} />],
              [t("issuedOn"), order.issued_on],
              [t("dueOn"), `${order.due_on} · ${words(order.due_rule)}`],
              [t("paidOn"), order.paid_on ?? "—"],
            ]}
          />
          <DataTable
            id="order-insurances"
            label={t("amounts")}
            rows={order.insurances}
            rowKey={(line) => line.insurance}
            columns={[
              { key: "insurance", title: t("insurance"), primary: true, render: (line) => <InsuranceName insurance={line.insurance} /> },
              { key: "employer", title: t("employerSide"), align: "right", render: (line) => <Money fen={line.employer_fen} /> },
              { key: "employee", title: t("employeeSide"), align: "right", render: (line) => <Money fen={line.employee_fen} /> },
            ]}
          />
        </div>
      </Panel>
      <Panel title={t("payments")}>
        <Payments payments={order.payments} />
      </Panel>
      {order.documents.length > 0 && (
        <Panel title={t("documents")}>
          <div className="stack">
            {order.documents.map((one) => (
              <details key={one.id}>
                <summary>
                  {words(one.title)} · <span className="mono">{one.code}</span> · {instant(one.signed_at)}
                </summary>
                <PdfPreview url={`/api/v1/collection/orders/${order.order_id}/documents/${one.id}`} name={words(one.title)} />
              </details>
            ))}
          </div>
        </Panel>
      )}
      <Panel title={t("people.title")}>
        <People id={order.order_id} />
      </Panel>
      <Panel title={t("timeline")}>
        <ol className="plain stack tight">
          {order.events.map((event, index) => (
            <li key={index} className="row">
              <time className="num soft">{instant(event.at)}</time>
              <strong>{t(`event.${event.kind}`)}</strong>
              {event.amount_fen !== null && event.amount_fen !== undefined && <Money fen={event.amount_fen} />}
              <span className="soft">{[event.details, event.actor].filter(Boolean).join(" · ")}</span>
            </li>
          ))}
        </ol>
      </Panel>
    </>
  );
}

function Payments({ payments }: { payments: PaymentView[] }) {
  const { t } = useTranslation("collection");
  return (
    <DataTable<PaymentView>
      id="order-payments"
      label={t("payments")}
      rows={payments}
      rowKey={(one) => one.payment_id}
      empty={<EmptyState title={t("payments.none")} />}
      columns={[
        { key: "number", title: t("paymentNumber"), primary: true, render: (one) => <span className="mono">{one.payment_number}</span> },
        { key: "on", title: t("paidOn"), render: (one) => <span className="num">{one.paid_on}</span> },
        { key: "way", title: t("way"), render: (one) => t(`way.${one.way}`) },
        { key: "amount", title: t("amount"), align: "right", render: (one) => <Money fen={one.amount_fen} /> },
        { key: "principal", title: t("principal"), align: "right", render: (one) => <Money fen={one.principal_fen} /> },
        { key: "late", title: t("lateFee"), align: "right", render: (one) => <Money fen={one.late_fee_fen} /> },
        { key: "suspense", title: t("view.suspense"), align: "right", render: (one) => <Money fen={one.suspense_fen} /> },
        { key: "payer", title: t("payer"), optional: true, render: (one) => one.payer_name || "—" },
        { key: "reference", title: t("reference"), optional: true, render: (one) => <span className="mono">{one.reference || "—"}</span> },
      ]}
    />
  );
}

const PAGE = 50;

function People({ id }: { id: string }) {
  const { t } = useTranslation("collection");
  const [limit, setLimit] = useState(PAGE);
  const list = useQuery({
    queryKey: ["order-people", id, limit],
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/collection/orders/{id}/people", { params: { path: { id }, query: { limit } }, signal })),
    placeholderData: (before) => before,
  });
  return (
    <DataTable<OrderPersonRow>
      id="order-people"
      label={t("people.title")}
      rows={list.data?.items}
      rowKey={(one) => `${one.person_number}-${one.month}`}
      error={list.error}
      onRetry={() => void list.refetch()}
      total={list.data?.total}
      onMore={list.data?.next_offset && limit < 200 ? () => setLimit(Math.min(limit + PAGE, 200)) : undefined}
      moreLoading={list.isFetching}
      empty={<EmptyState title={t("people.none")} />}
      columns={[
        { key: "name", title: t("name"), primary: true, render: (one) => one.name },
        { key: "number", title: t("personNumber"), render: (one) => <span className="mono">{one.person_number}</span> },
        { key: "id", title: t("idNumber"), optional: true, render: (one) => <span className="mono">{one.id_masked}</span> },
        { key: "month", title: t("month"), render: (one) => <span className="num">{one.month}</span> },
        { key: "base", title: t("base"), align: "right", render: (one) => <Money fen={one.base_fen} /> },
        { key: "employer", title: t("employerSide"), align: "right", render: (one) => <Money fen={one.employer_fen} /> },
        { key: "employee", title: t("employeeSide"), align: "right", render: (one) => <Money fen={one.employee_fen} /> },
      ]}
    />
  );
}
