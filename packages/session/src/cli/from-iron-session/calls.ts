import type ts from "typescript-5";
import { type App, shortPath } from "./app.ts";
import type { Names } from "./names.ts";
import { Unclear, unwrapped } from "./options.ts";

/** A call of getIronSession. */
export interface Call {
  readonly node: ts.CallExpression;
  readonly name: ts.Identifier;
  /** The options, if they are in sight. */
  readonly object: ts.ObjectLiteralExpression | undefined;
  /** What `getSession` gets, or why that is unclear. */
  readonly given: readonly string[] | Unclear;
}

export const PROXY =
  "In the proxy, `getSession` needs the request and the response that carries its cookie: `const response = NextResponse.next();`, `await getSession(request, response)`, and `return response`.";

export function readCall(
  app: App,
  names: Names,
  name: ts.Identifier,
  node: ts.CallExpression,
): Call {
  const { ts } = app;
  const options = node.arguments.at(-1);
  const declared = options && (names.constant(options)?.initializer ?? options);
  const value = declared && unwrapped(ts, declared);
  const object = value && ts.isObjectLiteralExpression(value) ? value : undefined;
  return { node, name, object, given: givenTo(app, names, node) };
}

/** The arguments of the new call. */
function givenTo(
  app: App,
  names: Names,
  { arguments: given }: ts.CallExpression,
): readonly string[] | Unclear {
  const { ts } = app;
  const [first, second] = given;
  if (given.length === 3 && first && second) return [first.getText(), second.getText()];
  if (given.length !== 2 || !first)
    return new Unclear(first as ts.Node, "These are not iron-session's arguments.");
  const declaration = names.constant(first);
  const store = unwrapped(ts, declaration?.initializer ?? first);
  const call = ts.isAwaitExpression(store) ? unwrapped(ts, store.expression) : store;
  const [module, name] = (ts.isCallExpression(call) && names.importOf(call.expression)) || [];
  if (module === "iron-session" && name === "nextProxyCookies") {
    return (call as ts.CallExpression).arguments.map((argument) => argument.getText());
  }
  if (module !== "next/headers" || name !== "cookies") {
    return new Unclear(first, "Where these cookies come from is not in sight here.");
  }
  return isProxy(app, first) ? new Unclear(first, PROXY) : [];
}

/** Is this in a file that Next runs before a request's page? */
export function isProxy(app: App, node: ts.Node): boolean {
  const path = shortPath(app, node.getSourceFile().fileName);
  return /^(src\/)?(proxy|middleware)\.\w+$/.test(path);
}

/** Are these the same options, written out at several calls? */
export function isCopy(ts: App["ts"], one: ts.Node, other: ts.Node): boolean {
  if (one === other) return true;
  const isInCall = ts.isCallExpression(one.parent) && ts.isCallExpression(other.parent);
  const plain = (node: ts.Node) => node.getText().replaceAll(/\s/g, "");
  return isInCall && plain(one) === plain(other);
}
