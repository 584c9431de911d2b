import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Notices } from "../../api/types";
import { useUnread } from "../../shared/notices";
import { fakeApi } from "../../test/fake-api";
import { renderPage } from "../../test/page";
import { NoticesPage } from "./NoticesPage";

const notice = (id: string, read: boolean) => ({
  id,
  title: { zh: `通知${id}`, en: id },
  body: { zh: "内容", en: "" },
  at: "2026-11-20T08:00:00Z",
  read_at: read ? "2026-11-20T09:00:00Z" : null,
});

let api: ReturnType<typeof fakeApi> | undefined;
afterEach(() => {
  api?.restore();
  Reflect.deleteProperty(globalThis, "EventSource");
});

it("marks every notice read with one button, which then goes", async () => {
  let all: Notices = { items: [notice("1", false), notice("2", false)], unread: 58 };
  api = fakeApi({
    "GET /api/v1/notices": () => all,
    "POST /api/v1/notices/read": () => {
      all = { items: [notice("1", true), notice("2", true)], unread: 0 };
      return {};
    },
  });
  renderPage("/notices", <NoticesPage />);
  fireEvent.click(await screen.findByRole("button", { name: "全部标为已读（58）" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: /全部标为已读/ })).toBeNull());
});

it("asks again the moment the server says that something changed, and lets go of the stream when the page goes", async () => {
  const open: Stream[] = [];
  class Stream extends EventTarget {
    static readonly CLOSED = 2;
    readyState = 1;
    constructor(readonly url: string) {
      super();
      open.push(this);
    }
    close() {
      this.readyState = Stream.CLOSED;
    }
  }
  Object.assign(globalThis, { EventSource: Stream });
  let unread = 1;
  api = fakeApi({ "GET /api/v1/notices": () => ({ items: [], unread }) });
  const Bell = () => <p>unread {useUnread()}</p>;
  const { unmount } = renderPage("/", <Bell />);
  await screen.findByText("unread 1");
  expect(open.map((one) => one.url)).toEqual(["/api/v1/changes"]);
  unread = 2;
  act(() => void open[0]?.dispatchEvent(new Event("changed")));
  await screen.findByText("unread 2");
  unmount();
  expect(open.map((one) => one.readyState)).toEqual([2]);
});
