import { instant } from "@next/playwright";
import { expect } from "@playwright/test";
import { test as base } from "../../fixture/e2e/support/visitor";
import { Member } from "./support/member";

const test = base.extend<{ member: Member }>({
  member: ({ page, baseURL }, use) => use(new Member(page, baseURL as string)),
});

test("two visitors see only their own name, in prefetched pages and in loaded ones", async ({
  member,
  browser,
  baseURL,
}) => {
  const context = await browser.newContext();
  const other = new Member(await context.newPage(), baseURL as string);
  await Promise.all([member.login("Ada"), other.login("Grace")]);
  for (const [visitor, name] of [
    [member, "Ada"],
    [other, "Grace"],
  ] as const) {
    await visitor.open("/");
    await instant(visitor.page, async () => {
      await visitor.follow("Dashboard", "/dashboard");
      await visitor.sees(name);
    });
    await visitor.open("/dashboard");
    await visitor.sees(name);
  }
  await context.close();
});

test("after a logout, another user logs in in the same tab and sees nothing of the first", async ({
  member,
  page,
}) => {
  await member.login("Ada");
  await member.follow("Notes", "/notes");
  await page.getByLabel("Text").fill("a draft");
  await page.goBack();
  await member.sees("Ada");
  await member.logout();

  // Back from here leads to the pages that Ada saw.
  await page.goBack();
  await member.isAt("/login");
  await expect(page.getByText("Ada").filter({ visible: true })).toHaveCount(0);

  await member.login("Grace");
  await member.follow("Notes", "/notes");
  await expect(page.getByLabel("Text")).toHaveValue("");
  await page.goBack();
  await member.sees("Grace");
  await page.goForward();
  await expect(page.getByText("Signed in as Grace")).toBeVisible();
  await expect(page.getByText("Ada").filter({ visible: true })).toHaveCount(0);
});

test("a session that ends elsewhere: a tab keeps what it prefetched, and a reload shows none of it", async ({
  member,
  page,
  context,
}) => {
  await member.login("Ada");
  await member.open("/");
  await page.waitForLoadState("networkidle");
  await context.clearCookies();
  await member.follow("Dashboard", "/dashboard");
  await member.sees("Ada");
  await page.reload();
  await member.isAt("/login");
  await expect(page.getByText("Ada").filter({ visible: true })).toHaveCount(0);
});
