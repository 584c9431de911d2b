import { expect } from "vitest";
import type { Page } from "playwright-core";
import { checkPage, signIn, visit, type Visitor, type Width } from "./browser";

/** Types a person's name and number into the onboarding form, the way HR does. */
export async function typePerson(page: Page, name: string, id: string): Promise<void> {
  await page.goto("/employer/onboarding");
  await page.getByLabel("姓名").fill(name);
  const field = page.getByLabel("证件号码");
  await field.fill(id.slice(0, 17));
  expect(await page.getByTestId("identity").innerText()).toBe("");
  await field.press("End");
  await field.pressSequentially(id.slice(17));
}

/** A person of an organisation does something in a browser of their own. */
export async function as(base: string, width: Width, username: string, act: (visitor: Visitor) => Promise<void>): Promise<void> {
  const visitor = await visit(base, width);
  try {
    await signIn(visitor, username);
    await act(visitor);
  } finally {
    await visitor.close();
  }
}

/** Opens a case from the queue by the person's name. */
export async function openCase({ page }: Visitor, person: string): Promise<void> {
  await page.goto(`/agency/cases?query=${encodeURIComponent(person)}`);
  const link = page.getByRole("link", { name: person });
  // Messages between organisations travel by outbox: the case is there within seconds, not at once.
  await expect
    .poll(
      async () => {
        if ((await link.count()) > 0) return true;
        await page.reload();
        await page.waitForTimeout(700);
        return (await link.count()) > 0;
      },
      { timeout: 45_000, interval: 500 },
    )
    .toBe(true);
  await link.first().click();
  await page.getByRole("heading", { level: 1 }).filter({ hasText: person }).waitFor();
}

/** Takes the case when it must be taken first, then presses the button of an act and waits for the queue. */
export async function decide({ page }: Visitor, button: string): Promise<void> {
  const act = page.getByRole("button", { name: new RegExp(`^${button}`) });
  const take = page.getByRole("button", { name: /^领取/ });
  await act.or(take).first().waitFor();
  if ((await act.count()) === 0) await take.click();
  await act.click();
  await page.waitForURL(/\/agency\/cases$/);
}

export { checkPage };
