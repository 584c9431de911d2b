import { DatePicker, Form, Input, InputNumber, Select } from "antd";
import type { Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { regionOptions } from "../../shared/regions";
import { WageNote } from "../../shared/WageNote";

/** When, where and for how much; the wage is weighed against the law of the place and month while it is typed. */
export function HireFields() {
  const { t } = useTranslation("onboarding");
  const form = Form.useFormInstance();
  const wage = Form.useWatch<string | undefined>("wage", form);
  const region = Form.useWatch<string | undefined>("region", form);
  const hiredOn = Form.useWatch<Dayjs | undefined>("hired_on", form);
  return (
    <>
      <div className="grid-form">
        <Form.Item name="hired_on" label={t("hiredOn")} rules={[{ required: true, message: t("hiredOn.missing") }]}>
          <DatePicker style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="region" label={t("city")} rules={[{ required: true, message: t("city.missing") }]}>
          <Select options={regionOptions()} showSearch={{ optionFilterProp: "label" }} />
        </Form.Item>
        <Form.Item name="phone" label={t("phone")} rules={[{ pattern: /^1\d{10}$/, message: t("phone.bad") }]} validateTrigger="onBlur">
          <Input maxLength={11} inputMode="numeric" />
        </Form.Item>
        <Form.Item name="wage" label={t("wage")} extra={t("wage.note")}>
          <InputNumber<string> stringMode min="0" precision={2} style={{ width: "100%" }} suffix={t("unit.yuan")} controls={false} />
        </Form.Item>
        <Form.Item name="department" label={t("department")}>
          <Input maxLength={50} />
        </Form.Item>
        <Form.Item name="position" label={t("position")}>
          <Input maxLength={50} />
        </Form.Item>
      </div>
      <WageNote wage={wage} region={region} on={hiredOn?.format("YYYY-MM-DD")} />
    </>
  );
}
