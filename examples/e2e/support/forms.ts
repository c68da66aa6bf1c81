import type { Page } from "@playwright/test";

/** The fields of the form with this button, as a browser without JavaScript would send them. */
export async function fieldsOf(page: Page, button: string): Promise<Record<string, string>> {
  const form = page.locator("form", { has: page.getByRole("button", { name: button }) });
  return form.evaluate((element) =>
    Object.fromEntries(
      [...new FormData(element as HTMLFormElement)].map(([name, value]) => [name, `${value}`]),
    ),
  );
}

/** Sends the fields to the page's address, with its cookies, and returns the page that is the answer. */
export async function send(page: Page, fields: Record<string, string>): Promise<string> {
  const { origin } = new URL(page.url());
  const response = await page.request.post(page.url(), {
    multipart: fields,
    headers: { origin },
  });
  if (!response.ok()) throw new Error(`${page.url()} answered ${response.status()}`);
  return response.text();
}
