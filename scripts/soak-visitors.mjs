import { isDeepStrictEqual } from "node:util";
import { Stop } from "./toolchain.mjs";

const FRUITS = ["pineapples", "apples", "mangoes", "pears", "plums", "cherries"];
const MOST_OF_ONE = 999;

/** @typedef {{ visits?: number, cart?: Record<string, string> }} Data */

export class Visitor {
  #demo;
  /** @type {Map<string, string>} */
  cookies = new Map();
  /** What the session must hold, by all that this visitor did. @type {Data} */
  expected = {};
  permanent = false;

  /** @param {import("./soak-demo.mjs").Demo} demo */
  constructor(demo) {
    this.#demo = demo;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {[name: string, value: string][]} [fields]
   * @returns {Promise<import("./soak-demo.mjs").Answer>}
   */
  async send(method, path, fields) {
    const cookie = [...this.cookies].map((pair) => pair.join("=")).join("; ");
    const answer = await this.#demo.ask(method, path, cookie ? { cookie } : {}, fields);
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    for (const header of answer.setCookies) this.#keep(header);
    return answer;
  }

  #keep(/** @type {string} */ header) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
    if (value === "") this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  /** A session without data has no cookie, and nothing to be permanent. */
  settle() {
    const { visits, cart } = this.expected;
    if (visits === undefined && cart === undefined) this.permanent = false;
  }
}

/** What a visitor does at one time, and must see. @type {Record<string, (visitor: Visitor) => Promise<void>>} */
export const acts = {
  async "visit (proxy and page)"(visitor) {
    const { body } = await visitor.send("GET", "/visits-counter/");
    visitor.expected.visits = (visitor.expected.visits ?? 0) + 1;
    const shown = /Total visits: (\d+)/.exec(body)?.[1];
    equal(Number(shown), visitor.expected.visits, "the visits on the page");
  },

  async "cart as JSON (route handler)"(visitor) {
    const { body } = await visitor.send("GET", "/session/");
    equal(JSON.parse(body), visitor.expected, "the session as it came in");
    if (visitor.expected.cart) visitor.expected.cart.pineapples = "100";
    else visitor.expected.cart = { pineapples: "10", apples: "20", mangoes: "30" };
  },

  async "delete the visits (route handler)"(visitor) {
    const { body } = await visitor.send("GET", "/delete-visits/");
    equal(body, "Visits deleted", "the answer");
    delete visitor.expected.visits;
  },

  async "delete the visits (action)"(visitor) {
    const { body } = await visitor.send("POST", "/visits-counter/", forms.deleteVisits);
    delete visitor.expected.visits;
    equal(/Total visits: (\d+)/.exec(body)?.[1], "0", "the visits on the page");
  },

  async "permanent or not (action)"(visitor) {
    const permanent = Math.random() < 0.5;
    const fields = [...forms.setPermanent, pair("permanent", String(permanent))];
    const { body } = await visitor.send("POST", "/visits-counter/", fields);
    visitor.permanent = permanent;
    visitor.settle();
    const shown = /aria-checked="(\w+)"/.exec(body)?.[1];
    // An empty session is shown as it was set, and then has no cookie.
    if (Object.keys(visitor.expected).length > 0) equal(shown, String(permanent), "the switch");
  },

  async "change the cart (action)"(visitor) {
    const intent = oneOf(["add", "add", "change", "remove", "empty"]);
    const fruit = oneOf(FRUITS);
    const given = 1 + Math.floor(Math.random() * 9);
    const fields = [
      ...forms.changeCart,
      pair("intent", intent),
      pair("fruit", fruit),
      pair("quantity", String(given)),
    ];
    await visitor.send("POST", "/cart/", fields);
    const { expected } = visitor;
    if (intent === "empty") delete expected.cart;
    else if (intent === "remove") delete expected.cart?.[fruit];
    else {
      const quantity = given + (intent === "add" ? Number(expected.cart?.[fruit] ?? 0) : 0);
      if (quantity <= MOST_OF_ONE) expected.cart = { ...expected.cart, [fruit]: String(quantity) };
    }
  },

  async "look at the cart (page)"(visitor) {
    const { body, setCookies } = await visitor.send("GET", "/cart/");
    equal(setCookies, [], "the cookies that reading sets");
    for (const [fruit, quantity] of Object.entries(visitor.expected.cart ?? {})) {
      const field = new RegExp(`<input id="${fruit}"[^>]* value="${quantity}"`);
      equal(field.test(body), true, `that there are ${quantity} ${fruit}`);
    }
  },
};

/** The hidden fields by which a form without JavaScript names its action, from the pages themselves. */
const forms = { deleteVisits: noFields(), setPermanent: noFields(), changeCart: noFields() };

/** @returns {[name: string, value: string][]} */
function noFields() {
  return [];
}

export async function readForms(/** @type {import("./soak-demo.mjs").Demo} */ demo) {
  const visitor = new Visitor(demo);
  const visits = (await visitor.send("GET", "/visits-counter/")).body;
  const cart = (await visitor.send("GET", "/cart/")).body;
  forms.deleteVisits = hiddenFields(visits, "Delete the visits");
  forms.setPermanent = hiddenFields(visits, 'name="permanent"');
  forms.changeCart = hiddenFields(cart, "Add to the cart");
}

/** @returns {[name: string, value: string][]} */
function hiddenFields(/** @type {string} */ html, /** @type {string} */ mark) {
  const form = html.match(/<form[\s\S]*?<\/form>/g)?.find((text) => text.includes(mark));
  const inputs = form?.match(/<input type="hidden"[^>]*>/g);
  if (!inputs) throw new Stop(`There is no form with ${mark} and an action on the demo's page.`);
  return inputs.map((input) => {
    const attribute = (/** @type {string} */ name) =>
      (new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? "")
        .replaceAll("&quot;", '"')
        .replaceAll("&#x27;", "'")
        .replaceAll("&amp;", "&");
    return pair(attribute("name"), attribute("value"));
  });
}

export function equal(
  /** @type {unknown} */ found,
  /** @type {unknown} */ expected,
  /** @type {string} */ what,
) {
  if (isDeepStrictEqual(found, expected)) return;
  throw new Error(`${what}: ${JSON.stringify(found)}, and not ${JSON.stringify(expected)}`);
}

/** @template Item @returns {Item} */
export function oneOf(/** @type {Item[]} */ items) {
  return /** @type {Item} */ (items[Math.floor(Math.random() * items.length)]);
}

/** @returns {[name: string, value: string]} */
function pair(/** @type {string} */ name, /** @type {string} */ value) {
  return [name, value];
}
