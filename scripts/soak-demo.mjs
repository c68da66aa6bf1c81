import { Agent, request as httpRequest } from "node:http";

/** @typedef {{ status: number, body: string, setCookies: string[] }} Answer */

/** The demo's server, as the visitors of `npm run soak` reach it. */
export class Demo {
  /** How many answers it gave. */
  requests = 0;
  #agent;
  #port;
  #losesCookies;
  #cookies = 0;

  /** @param {{ port: number, atOnce: number, losesCookies: boolean }} options */
  constructor({ port, atOnce, losesCookies }) {
    this.#port = port;
    this.#losesCookies = losesCookies;
    this.#agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  }

  get origin() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} [headers]
   * @param {[name: string, value: string][]} [fields] of a form
   * @returns {Promise<Answer>}
   */
  async ask(method, path, headers = {}, fields) {
    const form = fields && multipart(fields);
    const answer = await this.#send(
      method,
      path,
      { ...headers, ...(form && { origin: this.origin, "content-type": form.type }) },
      form?.body,
    );
    this.requests++;
    const setCookies = answer.setCookies.filter(() => !this.#losesNextCookie());
    return { ...answer, setCookies };
  }

  close() {
    this.#agent.destroy();
  }

  #losesNextCookie() {
    return this.#losesCookies && ++this.#cookies % 100 === 0;
  }

  /** @returns {Promise<Answer>} */
  #send(
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {Record<string, string>} */ headers,
    body = "",
  ) {
    return new Promise((resolve, reject) => {
      const options = {
        ...{ host: "127.0.0.1", port: this.#port, method, path, headers },
        ...{ agent: this.#agent, timeout: 30_000 },
      };
      const request = httpRequest(options, (response) => {
        /** @type {Buffer[]} */
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk)).on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString(),
            setCookies: response.headers["set-cookie"] ?? [],
          }),
        );
      });
      request.on("timeout", () => request.destroy(new Error("no answer within 30 seconds")));
      request.on("error", reject).end(body);
    });
  }
}

function multipart(/** @type {[name: string, value: string][]} */ fields) {
  const boundary = "----------soak";
  const parts = fields.map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: `${parts.join("")}--${boundary}--\r\n`,
  };
}
