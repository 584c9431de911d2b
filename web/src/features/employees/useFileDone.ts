import { App } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

/** What follows a change of an employee's file: the parts on screen are read again. */
export function useFileDone(employeeId: string): () => void {
  const { t } = useTranslation("employees");
  const { message } = App.useApp();
  const queries = useQueryClient();
  return () => {
    message.success(t("edit.done"));
    void queries.invalidateQueries({ queryKey: ["employee", employeeId] });
    void queries.invalidateQueries({ queryKey: ["employees"] });
    void queries.invalidateQueries({ queryKey: ["departments"] });
    void queries.invalidateQueries({ queryKey: ["expiring"] });
  };
}
