import { expect, type Page } from "@playwright/test";

/** Somebody with an account, in a browser. */
export class Member {
  readonly page: Page;
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.page = page;
    this.#origin = origin;
  }

  async open(path: string): Promise<void> {
    await this.page.goto(this.#origin + path);
  }

  async login(name: string): Promise<void> {
    if (new URL(this.page.url(), this.#origin).pathname !== "/login") await this.open("/login");
    await this.page.getByLabel("Email").fill(`${name.toLowerCase()}@example.com`);
    await this.page.getByLabel("Password").fill(name);
    await this.page.getByRole("button", { name: "Log in" }).click();
    await this.isAt("/dashboard");
    await this.sees(name);
  }

  async logout(): Promise<void> {
    await this.page.getByRole("button", { name: "Log out" }).click();
    await this.isAt("/login");
  }

  async follow(link: string, path: string): Promise<void> {
    await this.page.getByRole("link", { name: link, exact: true }).click();
    await this.isAt(path);
  }

  async isAt(path: string): Promise<void> {
    await this.page.waitForURL((url) => url.pathname === path);
  }

  /** The dashboard of this user, in its page and in the layout. */
  async sees(name: string): Promise<void> {
    await expect(this.page.getByRole("heading", { name: `Welcome, ${name}` })).toBeVisible();
    await expect(this.page.getByText(`Signed in as ${name}`)).toBeVisible();
  }
}
