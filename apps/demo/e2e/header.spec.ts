import { type Cookie, expect, type Page } from "@playwright/test";
import { test as base } from "../../fixture/e2e/support/visitor";

const navigation = (page: Page) => page.getByRole("navigation", { name: "Pages" });

function shows(page: Page, visits: number, pieces: number): Promise<void> {
  const count = (number: number) => (number > 0 ? `${number} ` : "");
  return expect(navigation(page)).toHaveText(
    `Your cookie /Visits ${count(visits)}/visits-counter/Cart ${count(pieces)}/cart/`,
  );
}

/** A page whose console stays empty: React reports there what it hydrated with a mistake. */
const test = base.extend<{ openTab: (path: string) => Promise<Page> }>({
  openTab: async ({ context }, use) => {
    const complaints: string[] = [];
    await use(async (path) => {
      const page = await context.newPage();
      page.on("pageerror", ({ message }) => complaints.push(message));
      page.on("console", (line) => {
        const isComplaint = ["error", "warning"].includes(line.type());
        // The tutorial's answers in plain text have no icon.
        const isOfIcon = line.location().url.endsWith("/favicon.ico");
        if (isComplaint && !isOfIcon) complaints.push(line.text());
      });
      await page.goto(path);
      return page;
    });
    expect(complaints).toEqual([]);
  },
});

test("the header counts visits and what is in the cart, in both tabs, without a reload", async ({
  openTab,
}) => {
  const [tab, other] = [await openTab("/cart/"), await openTab("/")];
  await shows(tab, 0, 0);
  await tab.getByLabel("Quantity").fill("3");
  await tab.getByRole("button", { name: "Add to the cart" }).click();
  await shows(tab, 0, 3);
  await shows(other, 0, 3);
  // The page follows as well: it shows the session that it was rendered with.
  await expect(other.getByRole("main")).toContainText('"pineapples": "3"');

  await navigation(other).getByRole("link", { name: "Visits" }).click();
  await shows(other, 1, 3);
  await shows(tab, 1, 3);
  await other.getByRole("button", { name: "Delete the visits" }).click();
  await shows(tab, 0, 3);
  await tab.getByRole("button", { name: "Empty the cart" }).click();
  await shows(tab, 0, 0);
  await shows(other, 0, 0);
});

test("two tabs of the counter show one count: to follow the other tab is not a visit", async ({
  openTab,
}) => {
  const tab = await openTab("/visits-counter/");
  await shows(tab, 1, 0);
  const other = await openTab("/visits-counter/");
  for (const page of [other, tab]) {
    await shows(page, 2, 0);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Total visits: 2");
    await page.waitForLoadState("networkidle");
  }
  await tab.reload();
  for (const page of [tab, other]) {
    await shows(page, 3, 0);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Total visits: 3");
  }
});

test("a visitor's counts are in what the server sends, and stay there in every frame", async ({
  openTab,
  context,
  visitor,
}) => {
  const tab = await openTab("/session/");
  await tab.goto("/visits-counter/");
  await shows(tab, 1, 60);

  const shown: string[] = [];
  await tab.exposeFunction("noteShown", (text: string) => shown.push(text));
  await tab.addInitScript(() => {
    const { noteShown } = window as unknown as { noteShown(text: string): void };
    let last: string | undefined;
    const look = () => {
      const counts = [...document.querySelectorAll("nav a .count")];
      const text = counts.map(({ textContent }) => textContent).join("");
      const isParsed = document.querySelector("main") !== null;
      if (isParsed && text !== last) noteShown(text);
      if (isParsed) last = text;
    };
    const everything = { subtree: true, childList: true, characterData: true };
    new MutationObserver(look).observe(document, everything);
  });
  await tab.goto("/cart/");
  await tab.waitForLoadState("networkidle");
  await navigation(tab).getByRole("link", { name: "Your cookie" }).click();
  await expect(tab.getByRole("heading", { level: 1 })).toContainText("Only the server");
  expect(shown).toEqual(["1 60 "]);

  const [{ name, value }] = (await context.cookies()) as [Cookie];
  visitor.cookies.set(name, value);
  const { body } = await visitor.get("/cart/");
  const [sent = ""] = /<nav aria-label="Pages">.*?<\/nav>/s.exec(body) ?? [];
  expect(sent.match(/(?<=<span class="count">)\d+/g)).toEqual(["1", "60"]);
});
