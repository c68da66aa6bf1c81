import { instant } from "@next/playwright";
import { expect } from "@playwright/test";
import { test as base } from "../../fixture/e2e/support/visitor";
import { Member } from "./support/member";

const test = base.extend<{ member: Member }>({
  member: ({ page, baseURL }, use) => use(new Member(page, baseURL as string)),
});

test("a page and its layout show the user that they take from the private cache", async ({
  member,
}) => {
  await member.login("Ada");
  await member.open("/dashboard");
  await member.sees("Ada");
});

test("a visitor without a session is sent to the login page", async ({ member }) => {
  await member.open("/dashboard");
  await member.isAt("/login");
  await expect(member.page.getByRole("heading", { name: "Log in" })).toBeVisible();
});

test("a navigation is instant: the user is in the App Shell", async ({ member, page }) => {
  await member.login("Ada");
  await member.open("/");
  await instant(page, async () => {
    await member.follow("Dashboard", "/dashboard");
    await member.sees("Ada");
  });
});

test("a link with prefetch={true} brings a page of its own user, params included", async ({
  member,
  page,
}) => {
  await member.login("Ada");
  await member.open("/notes");
  await page.getByLabel("Text").fill("Buy plums");
  await page.getByRole("button", { name: "Add" }).click();
  const note = page.getByRole("link", { name: "Buy plums" });
  await expect(note).toBeVisible();
  await instant(page, async () => {
    await note.click();
    await expect(page.getByRole("heading", { name: "Buy plums" })).toBeVisible();
  });
});
