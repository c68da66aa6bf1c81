// Which Chromium the browser tests use, and where to get one. As a command: prints its path.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { installFromApt } from "./apt.mjs";
import { command, install, runTool, Stop, toolEnvironment } from "./toolchain.mjs";

const howToInstall = `Any one of these fixes it:
  - install Chromium or Google Chrome (Debian: apt-get install chromium)
  - npx playwright install --with-deps chromium
  - CHROMIUM=/path/to/chromium npm test`;

/**
 * The first browser that starts: the one named by CHROMIUM, else Playwright's own download, which
 * is the version it was tested with, else one on the machine.
 * @returns {Promise<string | undefined>} the path of its executable
 */
export async function findBrowser() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (starts(named)) return named;
    throw new Stop(`CHROMIUM is set to ${named}, which does not start.\n${howToInstall}`);
  }
  const { chromium } = await import("@playwright/test");
  return [chromium.executablePath(), ...browsersOnThisMachine()].find(starts);
}

/** As {@link findBrowser}, and gets a browser when there is none. */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found) return found;
  console.log("No Chromium here yet.");
  for (const download of isRootOnDebian() ? [fromDebian, fromPlaywright] : [fromPlaywright]) {
    await download();
    const installed = await findBrowser();
    if (installed) return installed;
  }
  throw new Stop(`There is no Chromium to test with, and none could be fetched.\n${howToInstall}`);
}

function fromDebian() {
  console.log("Installing Debian's chromium-headless-shell ...");
  if (!installFromApt("chromium-headless-shell")) installFromApt("chromium");
}

async function fromPlaywright() {
  console.log("Downloading Playwright's Chromium ...");
  const env = { ...toolEnvironment(), PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "10000" };
  await runTool("playwright", ["install", "chromium"], { env });
}

/** Debian's `chromium` is the browser itself; Ubuntu's only points to a snap. */
function isRootOnDebian() {
  const release = "/etc/os-release";
  return (
    process.getuid?.() === 0 &&
    existsSync(release) &&
    /^ID="?debian"?$/m.test(readFileSync(release, "utf8"))
  );
}

function browsersOnThisMachine() {
  const names = [
    // Playwright's choice for tests without a window: it takes a quarter less time.
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
  ];
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const { PROGRAMFILES = "", LOCALAPPDATA = "", HOME = "" } = process.env;
  if (process.platform === "darwin") {
    const apps = ["Google Chrome", "Chromium"].map(
      (app) => `Applications/${app}.app/Contents/MacOS/${app}`,
    );
    return [...onPath, ...["/", HOME].flatMap((base) => apps.map((app) => join(base, app)))];
  }
  if (process.platform === "win32") {
    return [PROGRAMFILES, LOCALAPPDATA].map((base) =>
      join(base, "Google/Chrome/Application/chrome.exe"),
    );
  }
  return onPath;
}

/** An executable can be there and still lack its libraries, or be a stub that points to a snap. */
function starts(/** @type {string} */ path) {
  if (!existsSync(path)) return false;
  // On Windows `--version` opens a window instead.
  if (process.platform === "win32") return true;
  return spawnSync(path, ["--version"], { timeout: 20_000 }).status === 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await command(async () => {
    await install();
    console.log(await ensureBrowser());
    return 0;
  });
}
