// Takes the README's picture of a running demo: node apps/demo/e2e/pictures.mjs http://localhost:3000
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { findBrowser } from "../../../scripts/browser.mjs";

const [baseURL = "http://localhost:3000"] = process.argv.slice(2);
const images = join(import.meta.dirname, "../../../docs/images");
const browser = await chromium.launch({ executablePath: await findBrowser() });

const page = await browser.newPage({ baseURL, viewport: { width: 1280, height: 1000 } });
await page.goto("/session/");
for (let visit = 0; visit < 8; visit++) await page.goto("/visits-counter/");
await page.goto("/");
await page.screenshot({ path: join(images, "demo-desktop.png") });

await browser.close();
