import { Button } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { client, unwrap } from "../../api/client";
import type { Notice } from "../../api/types";
import { PageHead, Panel } from "../../shared/bits";
import { instant } from "../../shared/dates";
import { portalPath } from "../../shared/links";
import { NOTICES_KEY, useNotices } from "../../shared/notices";
import { EmptyState, ProblemNote, QueryView } from "../../shared/states";
import { words } from "../../shared/words";

export function NoticesPage() {
  const { t } = useTranslation("notices");
  const notices = useNotices();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const read = useMutation({
    mutationFn: (notice: Notice) => unwrap(client.POST("/api/v1/notices/{id}/read", { params: { path: { id: notice.id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: NOTICES_KEY }),
  });
  const readAll = useMutation({
    mutationFn: () => unwrap(client.POST("/api/v1/notices/read")),
    onSettled: () => queries.invalidateQueries({ queryKey: NOTICES_KEY }),
  });
  const unread = notices.data?.unread ?? 0;
  const open = (notice: Notice) => {
    if (!notice.read_at) read.mutate(notice);
    if (notice.link) void navigate(portalPath(notice.link));
  };
  return (
    <>
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          unread > 0 && (
            <Button loading={readAll.isPending} onClick={() => readAll.mutate()}>
              {t("readAll", { n: unread })}
            </Button>
          )
        }
      />
      {readAll.isError && <ProblemNote error={readAll.error} />}
      <Panel>
        <QueryView query={notices}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState title={t("none")} />
            ) : (
              <ul className="plain lines">
                {data.items.map((notice) => (
                  <li key={notice.id}>
                    <div style={{ minWidth: 0 }}>
                      <div style={{ fontWeight: notice.read_at ? 400 : 600 }}>
                        {!notice.read_at && <span className="visually-hidden">{t("unread")}</span>}
                        {words(notice.title)}
                      </div>
                      <div className="soft">{words(notice.body)}</div>
                      <div className="soft small num">{instant(notice.at)}</div>
                    </div>
                    {(notice.link || !notice.read_at) && (
                      <Button size="small" onClick={() => open(notice)}>
                        {notice.link ? t("open") : t("markRead")}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </QueryView>
      </Panel>
    </>
  );
}
