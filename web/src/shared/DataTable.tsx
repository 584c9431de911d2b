import { SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Dropdown, Skeleton, Table, type TableColumnType } from "antd";
import { useEffect, useRef, type Key, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useIsPhone } from "./hooks";
import { usePref } from "./prefs";
import { EmptyState, ErrorState } from "./states";

export interface Column<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  align?: "right";
  width?: number;
  /** The card's heading on a phone, and the column that stays when the table scrolls. */
  primary?: boolean;
  /** Can be switched off by the person. */
  optional?: boolean;
}

interface Props<T> {
  /** Names the table for the person's stored column choice. */
  id: string;
  label: string;
  columns: Column<T>[];
  rows: T[] | undefined;
  rowKey: (row: T) => string;
  error?: unknown;
  onRetry?: () => void;
  empty?: ReactNode;
  total?: number | null;
  tools?: ReactNode;
  selection?: { keys: string[]; onChange: (keys: string[]) => void; disabled?: (row: T) => boolean };
  activeKey?: string;
  onMore?: () => void;
  moreLoading?: boolean;
  /** The whole card of a row on a phone, where label-and-value lines would be too long. */
  card?: (row: T) => ReactNode;
}

/** A table on a desk, cards on a phone; with loading, empty and error states, column choice and row selection. */
export function DataTable<T extends object>(props: Props<T>) {
  const { t } = useTranslation();
  const phone = useIsPhone();
  const [hidden, setHidden] = usePref(`table.${props.id}.hidden`, "");
  const hiddenKeys = hidden ? hidden.split(",") : [];
  const columns = props.columns.filter((column) => !hiddenKeys.includes(column.key));
  if (props.error && !props.rows) return <ErrorState error={props.error} onRetry={props.onRetry} />;
  const optional = props.columns.filter((column) => column.optional);
  return (
    <div>
      {(props.tools !== undefined || props.total !== undefined) && (
        <div className="table-tools">
          <div className="row">{props.tools}</div>
          <div className="row soft">
            {props.total !== null && props.total !== undefined && <span role="status">{t("total", { n: props.total })}</span>}
            {optional.length > 0 && !phone && <ColumnChooser columns={optional} hidden={hiddenKeys} onChange={(keys) => setHidden(keys.join(","))} />}
          </div>
        </div>
      )}
      {!props.rows ? (
        <div role="status" aria-label={t("loading")}>
          <Skeleton active title={false} paragraph={{ rows: 6 }} />
        </div>
      ) : props.rows.length === 0 ? (
        (props.empty ?? <EmptyState />)
      ) : phone ? (
        <Cards {...props} columns={columns} rows={props.rows} />
      ) : (
        <Wide {...props} columns={columns} rows={props.rows} />
      )}
      {props.onMore && (
        <div className="row" style={{ justifyContent: "center", paddingTop: 12 }}>
          <Button onClick={props.onMore} loading={props.moreLoading}>
            {t("more")}
          </Button>
        </div>
      )}
    </div>
  );
}

function ColumnChooser<T>({ columns, hidden, onChange }: { columns: Column<T>[]; hidden: string[]; onChange: (hidden: string[]) => void }) {
  const { t } = useTranslation();
  return (
    <Dropdown
      trigger={["click"]}
      popupRender={() => (
        <div className="panel panel-body stack tight" style={{ boxShadow: "var(--ant-box-shadow-secondary)" }}>
          {columns.map((column) => (
            <Checkbox
              key={column.key}
              checked={!hidden.includes(column.key)}
              onChange={(event) => onChange(event.target.checked ? hidden.filter((key) => key !== column.key) : [...hidden, column.key])}
            >
              {column.title}
            </Checkbox>
          ))}
        </div>
      )}
    >
      <Button type="text" size="small" icon={<SettingOutlined />} aria-label={t("columns")} title={t("columns")} />
    </Dropdown>
  );
}

function Wide<T extends object>(props: Props<T> & { rows: T[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The hidden row Ant Design measures widths with holds a copy of the select-all box: keep it out of the tab order.
    for (const row of box.current?.querySelectorAll(".ant-table-measure-row") ?? []) row.setAttribute("inert", "");
  });
  useEffect(() => {
    box.current?.querySelector("tr.row-active")?.scrollIntoView({ block: "nearest" });
  }, [props.activeKey]);
  const columns: TableColumnType<T>[] = props.columns.map((column) => ({
    key: column.key,
    title: column.title,
    align: column.align,
    width: column.width,
    fixed: column.primary ? "left" : undefined,
    className: column.align === "right" ? "num" : undefined,
    render: (_: unknown, row: T) => column.render(row),
  }));
  const { selection } = props;
  return (
    <div ref={box} className="panel" style={{ overflow: "hidden" }}>
      <Table<T>
        size="small"
        aria-label={props.label}
        columns={columns}
        dataSource={props.rows}
        rowKey={props.rowKey}
        pagination={false}
        scroll={{ x: "max-content" }}
        rowClassName={(row) => (props.rowKey(row) === props.activeKey ? "row-active" : "")}
        rowSelection={
          selection && {
            selectedRowKeys: selection.keys,
            onChange: (keys: Key[]) => selection.onChange(keys.map(String)),
            getCheckboxProps: (row) => ({ disabled: selection.disabled?.(row) }),
          }
        }
      />
    </div>
  );
}

function Cards<T extends object>(props: Props<T> & { rows: T[] }) {
  const { selection } = props;
  const primary = props.columns.find((column) => column.primary) ?? props.columns[0];
  const rest = props.columns.filter((column) => column !== primary);
  return (
    <ul className="cards" aria-label={props.label}>
      {props.rows.map((row) => {
        const key = props.rowKey(row);
        if (props.card) {
          return (
            <li key={key} className="card-row">
              {props.card(row)}
            </li>
          );
        }
        return (
          <li key={key} className={`card-row${key === props.activeKey ? " active" : ""}`}>
            <div className="head">
              <div style={{ minWidth: 0, overflowWrap: "anywhere" }}>{primary?.render(row)}</div>
              {selection && !selection.disabled?.(row) && (
                <Checkbox
                  aria-label={key}
                  checked={selection.keys.includes(key)}
                  onChange={(event) =>
                    selection.onChange(event.target.checked ? [...selection.keys, key] : selection.keys.filter((one) => one !== key))
                  }
                />
              )}
            </div>
            <dl>
              {rest.map((column) => (
                <CardLine key={column.key} title={column.title} value={column.render(row)} />
              ))}
            </dl>
          </li>
        );
      })}
    </ul>
  );
}

function CardLine({ title, value }: { title: string; value: ReactNode }) {
  if (value === "—" || value === null || value === undefined) return null;
  return (
    <>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </>
  );
}
