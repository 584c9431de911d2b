import { fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { fakeApi, Refused } from "../../test/fake-api";
import { renderPage } from "../../test/page";
import { LoginPage } from "./LoginPage";

let api: ReturnType<typeof fakeApi> | undefined;
afterEach(() => api?.restore());

it("shows the captcha with the answer that asks for it with the next try", async () => {
  const finding = { rule: "login_failed", severity: "blocking", message: { zh: "用户名或密码不正确。", en: "" } };
  const refusals = [finding, { ...finding, action: "captcha" }];
  api = fakeApi({
    "POST /api/v1/sessions": () => new Refused(401, { title: "登录失败", rule: "login_failed", findings: [refusals.shift()] }),
    "GET /api/v1/captcha": { id: "c1", svg: "<svg/>" },
  });
  renderPage("/", <LoginPage />);
  fireEvent.change(screen.getByLabelText("用户名"), { target: { value: "hr" } });
  fireEvent.change(screen.getByLabelText("密码"), { target: { value: "wrong" } });
  const sign = () => fireEvent.click(screen.getByRole("button", { name: "登录" }));
  sign();
  await screen.findByText("用户名或密码不正确。");
  expect(screen.queryByLabelText("验证码")).toBeNull();
  sign();
  expect(await screen.findByLabelText("验证码")).toBeTruthy();
  expect(await screen.findByAltText(/验证码图片/)).toBeTruthy();
});
