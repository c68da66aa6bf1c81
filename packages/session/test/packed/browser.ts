interface Site {
  fetch(path: string, init: RequestInit): Promise<Response>;
}

/** One browser's cookie, which each answer may replace. */
export class Browser {
  readonly #site: Site;
  #cookie = "";

  constructor(site: Site) {
    this.#site = site;
  }

  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("cookie", this.#cookie);
    const response = await this.#site.fetch(path, { ...init, headers });
    this.#cookie = response.headers.getSetCookie().at(-1)?.split(";")[0] ?? this.#cookie;
    return response;
  }

  async text(path: string): Promise<string> {
    const html = await (await this.send(path)).text();
    return html.replaceAll("<!-- -->", "").replaceAll("&quot;", '"');
  }

  /** Sends a page's only form, as a browser without JavaScript does. */
  async submit(path: string, fields: Record<string, string>): Promise<Response> {
    const body = new FormData();
    body.set(`$ACTION_ID_${await this.#actionOf(path)}`, "");
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.send(path, { method: "POST", body });
  }

  /** Calls the action of a page's only form, as React does. */
  async call(path: string, fields: Record<string, string>): Promise<Response> {
    const headers = { "next-action": await this.#actionOf(path), accept: "text/x-component" };
    const body = new FormData();
    // React's releases differ in how they name the fields of an argument.
    for (const prefix of ["_1_", "1_"]) {
      for (const [name, value] of Object.entries(fields)) body.set(`${prefix}${name}`, value);
    }
    body.set("0", '["$K1"]');
    return this.send(path, { method: "POST", body, headers });
  }

  async #actionOf(path: string): Promise<string> {
    const action = /name="\$ACTION_ID_(\w+)"/.exec(await this.text(path))?.[1];
    if (action === undefined) throw new Error(`There is no form at ${path}`);
    return action;
  }
}
