import type ts from "typescript-5";
import type { App } from "./app.ts";
import type { Names } from "./names.ts";

/** The calls of getIronSession that a session can come from, as far as they are in sight. */
export function originsOf(
  app: App,
  names: Names,
  session: ts.Expression,
  depth = 0,
): ts.CallExpression[] {
  const { ts } = app;
  const value = names.constant(session)?.initializer ?? session;
  const awaited = ts.isAwaitExpression(value) ? value.expression : value;
  if (!ts.isCallExpression(awaited) || depth > 5) return [];
  if (names.importOf(awaited.expression)?.[1] === "getIronSession") return [awaited];
  const callee = names.meaning(awaited.expression)?.valueDeclaration;
  if (!callee || !app.files.includes(callee.getSourceFile())) return [];
  return returnedBy(ts, callee).flatMap((each) => originsOf(app, names, each, depth + 1));
}

/** What a function of the app returns. */
function returnedBy(ts: App["ts"], callee: ts.Node): ts.Expression[] {
  if (ts.isVariableDeclaration(callee))
    return callee.initializer ? returnedBy(ts, callee.initializer) : [];
  if (!ts.isFunctionLike(callee) || !("body" in callee) || !callee.body) return [];
  const body = callee.body as ts.Node;
  if (ts.isExpression(body)) return [body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    node.forEachChild(visit);
  };
  visit(body);
  return found;
}
