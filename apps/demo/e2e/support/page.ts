import type { Answer } from "../../../fixture/e2e/support/visitor";

/** The count that the page shows. */
export function visitsIn({ body }: Answer): number {
  return Number(/<h1>Total visits: (\d+)<\/h1>/.exec(body)?.[1]);
}

/** The fruits and quantities that the cart's page shows. */
export function cartIn({ body }: Answer): Record<string, string> {
  const list = /<ul aria-label="In the cart">.*?<\/ul>/s.exec(body)?.[0] ?? "";
  const fields = list.matchAll(/<input id="([^"]*)"[^>]* value="([^"]*)"/g);
  return Object.fromEntries([...fields].map(([, fruit, quantity]) => [fruit, quantity]));
}

/** What the cart's page says about the last change. */
export function statusIn({ body }: Answer): string | undefined {
  return /<p role="status"[^>]*>([^<]*)<\/p>/.exec(body)?.[1];
}

/** The session that the front page shows. */
export function sessionIn({ body }: Answer): unknown {
  const json = /The session on this page<\/h2><pre>(.*?)<\/pre>/s.exec(body)?.[1] ?? "";
  return JSON.parse(json.replaceAll("&quot;", '"'));
}
