import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, type Page } from "@playwright/test";
import type { RunOptions } from "axe-core";

// The module itself is twice as large.
const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** The rules of axe that look at colors. A color scheme changes nothing else. */
const rulesOfColors = { runOnly: ["color-contrast", "link-in-text-block"] };

/** A context for `test.use`. */
export const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 800 }, isMobile: false };

/** A desktop's and a phone's, in one page: axe is loaded once. */
export async function onEachScreen(page: Page, look: (width: number) => Promise<void>) {
  const browser = await page.context().newCDPSession(page);
  for (const { viewport, isMobile: mobile } of [desktop, phone]) {
    const metrics = { ...viewport, mobile, deviceScaleFactor: 0 };
    await browser.send("Emulation.setDeviceMetricsOverride", metrics);
    await look(viewport.width);
  }
}

/** The page fits the screen in light and dark, and axe finds nothing to object to. */
export async function expectToFit(page: Page, width = page.viewportSize()?.width) {
  // Next streams a page's title after its content.
  await expect(page).toHaveTitle(/./);
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe);
  for (const [colorScheme, rules] of [
    ["light", {}],
    ["dark", rulesOfColors],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await violations(page, rules), colorScheme).toEqual([]);
  }
}

function violations(page: Page, rules: RunOptions) {
  return page.evaluate(async (rules) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    return (await axe.run(document, { ...rules, resultTypes: ["violations"] })).violations;
  }, rules);
}
