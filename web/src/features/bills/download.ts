import i18next from "i18next";
import { Problem } from "../../api/problem";

/** Posts and saves the file that comes back; a refusal is thrown as a problem. */
export async function download(path: string, body: unknown, name: string): Promise<void> {
  const answer = await fetch(path, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Requested-With": "shebao",
      "Idempotency-Key": crypto.randomUUID(),
      "Accept-Language": i18next.language || "zh-CN",
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Problem((await answer.json().catch(() => ({}))) as object, answer.status);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `${name}.xlsx`;
  link.click();
  URL.revokeObjectURL(link.href);
}
