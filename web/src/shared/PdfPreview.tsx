import { DownloadOutlined, FileTextOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import i18next from "i18next";
import { Problem } from "../api/problem";
import { ErrorState } from "./states";

async function fetchPdf(url: string, signal: AbortSignal): Promise<Blob> {
  let answer: Response;
  try {
    answer = await fetch(url, { signal, headers: { "Accept-Language": i18next.language } });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem({ rule: "unreachable" }, 0);
  }
  if (!answer.ok) throw new Problem(await answer.json().catch(() => ({})), answer.status);
  return answer.blob();
}

/**
 * Shows a PDF in the page where the browser can, and offers the file everywhere. It is fetched first, so that a refusal shows as one
 * instead of as a broken frame.
 */
export function PdfPreview({ url, name, version = "" }: { url: string; name: string; version?: string }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["pdf", url, version], queryFn: ({ signal }) => fetchPdf(url, signal), staleTime: Infinity });
  const [href, setHref] = useState<string>();
  useEffect(() => {
    if (!query.data) return;
    const made = URL.createObjectURL(query.data);
    // The address must be made and revoked with the component's life, so it cannot be derived while rendering.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setHref(made);
    return () => URL.revokeObjectURL(made);
  }, [query.data]);
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!href) {
    return (
      <div role="status" aria-label={t("pdf.loading")}>
        <Skeleton.Node active style={{ width: "100%", height: 320 }} />
      </div>
    );
  }
  const inline = navigator.pdfViewerEnabled;
  return (
    <div className="stack tight">
      {inline ? (
        <iframe className="pdf-frame" src={`${href}#view=FitH&navpanes=0`} title={name} />
      ) : (
        <div className="state" style={{ border: "1px dashed var(--ant-color-border)", borderRadius: 6 }}>
          <FileTextOutlined style={{ fontSize: 28 }} />
          <span>{t("pdf.noViewer")}</span>
        </div>
      )}
      <div className="row">
        <Button icon={<DownloadOutlined />} href={href} download={`${name}.pdf`}>
          {t("pdf.download")}
        </Button>
        <Button type="link" href={url} target="_blank" rel="noopener">
          {t("openAsFile")}
        </Button>
      </div>
    </div>
  );
}
