import { App, Form, type FormInstance } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { applyToForm, asProblem } from "../../api/problem";
import type { Finding, Transfer } from "../../api/types";
import { useSaveForm } from "./api";

export type Values = Record<string, string>;

/** The fields HR may type into, as they are kept and as they stand on the screen. */
export interface Editor {
  form: FormInstance<Values>;
  stored: Values;
  /** Something on the screen is not saved. */
  dirty: boolean;
  saving: boolean;
  error: unknown;
  rest: Finding[];
  onChange: () => void;
  /** Saves what stands there and gives the transfer as it is now; `null` when the server refused, which then shows at the fields. */
  save: () => Promise<Transfer | null>;
}

function typed(transfer: Transfer): Values {
  return Object.fromEntries(transfer.form.fields.filter((field) => field.editable).map((field) => [field.key, field.value]));
}

/** The fields that differ from what is kept. */
export function changed(stored: Values, shown: Values): Values {
  return Object.fromEntries(Object.entries(shown).filter(([key, value]) => key in stored && (value ?? "") !== stored[key]));
}

export function useEditor(transfer: Transfer): Editor {
  const { t } = useTranslation("transfers");
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [dirty, setDirty] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [rest, setRest] = useState<Finding[]>([]);
  const save = useSaveForm(transfer.id);
  const stored = typed(transfer);
  const known = JSON.stringify(stored);
  const before = useRef<Values>(stored);
  const editable = transfer.allowed_actions.includes("edit");
  useEffect(() => {
    if (!editable) return;
    // What other hands changed meanwhile appears; what this hand has typed stays.
    const next = JSON.parse(known) as Values;
    const mine = changed(before.current, form.getFieldsValue());
    before.current = next;
    form.setFieldsValue({ ...next, ...mine });
    setDirty(Object.keys(changed(next, { ...next, ...mine })).length > 0);
  }, [known, form, editable]);
  const onChange = useCallback(() => setDirty(Object.keys(changed(before.current, form.getFieldsValue())).length > 0), [form]);
  return {
    form,
    stored,
    dirty,
    saving: save.isPending,
    error,
    rest,
    onChange,
    save: async () => {
      setError(null);
      setRest([]);
      const values = form.getFieldsValue();
      try {
        const saved = await save.mutateAsync({ version: transfer.version, fields: values });
        before.current = typed(saved);
        form.setFieldsValue(before.current);
        setDirty(false);
        void message.success(t("form.saved"));
        return saved;
      } catch (refused) {
        setError(refused);
        setRest(applyToForm(form, asProblem(refused)));
        return null;
      }
    },
  };
}
