// Takes the README's pictures of a running demo: node apps/demo/e2e/pictures.mjs http://localhost:3000
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { findBrowser } from "../../../scripts/browser.mjs";

const [url = "http://localhost:3000"] = process.argv.slice(2);
const images = join(import.meta.dirname, "../../../docs/images");
const browser = await chromium.launch({ executablePath: await findBrowser() });

async function visitor(viewport, deviceScaleFactor) {
  const page = await browser.newPage({ baseURL: url, viewport, deviceScaleFactor });
  await page.goto("/session/");
  for (let visit = 0; visit < 8; visit++) await page.goto("/visits-counter/");
  return page;
}

const desktop = await visitor({ width: 1280, height: 800 }, 1);
await desktop.goto("/");
await desktop.screenshot({ path: join(images, "demo-desktop.png") });

const phone = await visitor({ width: 390, height: 760 }, 2);
await phone.getByRole("switch", { name: "Permanent" }).click();
await phone.getByText("The cookie is kept until").waitFor();
await phone.mouse.move(0, 0);
await phone.screenshot({ path: join(images, "demo-phone.png") });

await browser.close();
