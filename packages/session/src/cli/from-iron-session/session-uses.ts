import type ts from "typescript-5";
import type { App } from "./app.ts";
import type { Names } from "./names.ts";
import type { Plan } from "./plan.ts";

/** A method of iron-session, as `session.save`. */
type Access = ts.PropertyAccessExpression;

/** What an app does with the sessions that it got. */
export class SessionUses {
  readonly #app: App;
  readonly #names: Names;
  readonly #plan: Plan;
  readonly #accesses: Access[] = [];
  /** Sessions given to others as a whole. */
  readonly #given: ts.Identifier[] = [];

  constructor(app: App, names: Names, plan: Plan) {
    this.#app = app;
    this.#names = names;
    this.#plan = plan;
    for (const file of app.files) this.#find(file);
  }

  /** The calls whose session is then used in a way that has no equivalent. */
  unmovable(): ReadonlySet<ts.Node> {
    const stuck = this.#accesses.filter(({ name }) => name.text === "updateConfig");
    for (const { name } of stuck) {
      this.#plan
        .for(name)
        .leave(
          name,
          "`updateConfig` has no equivalent. If it chooses between a cookie that stays and one that ends with the browser, set `session.permanent` to true or false.",
        );
    }
    return new Set(stuck.flatMap(({ expression }) => this.#origins(expression)));
  }

  /**
   * Changes the calls of methods on sessions that moved.
   *
   * @param endsWithBrowser What becomes of their cookies, or undefined if that differs.
   */
  move(
    moved: ReadonlySet<ts.Node>,
    isComplete: boolean,
    endsWithBrowser: boolean | undefined,
  ): void {
    const hasMoved = (session: ts.Expression) => {
      const origins = this.#origins(session);
      return isComplete || (origins.length > 0 && origins.every((origin) => moved.has(origin)));
    };
    for (const access of this.#accesses) {
      if (access.name.text === "updateConfig") continue;
      const isDestroy = access.name.text === "destroy";
      if (!hasMoved(access.expression)) this.#leave(access, moved);
      else if (isDestroy) this.#destroy(access);
      else if (!endsWithBrowser) this.#save(access, endsWithBrowser);
    }
    for (const session of this.#given) if (hasMoved(session)) this.#pass(session);
  }

  #find(node: ts.Node): void {
    const { ts } = this.#app;
    if (ts.isPropertyAccessExpression(node) && this.#isOfIronSession(node.name))
      this.#accesses.push(node);
    if (ts.isIdentifier(node) && isGivenAway(ts, node) && this.#isSession(node))
      this.#given.push(node);
    node.forEachChild((child) => this.#find(child));
  }

  #isOfIronSession(name: ts.MemberName): boolean {
    if (!["save", "destroy", "updateConfig"].includes(name.text)) return false;
    return this.#isIronSessionsOwn(this.#app.checker.getSymbolAtLocation(name));
  }

  #isSession(value: ts.Identifier): boolean {
    const { checker } = this.#app;
    const type = checker.getTypeAtLocation(value);
    return this.#isIronSessionsOwn(checker.getPropertyOfType(type, "updateConfig"));
  }

  #isIronSessionsOwn(symbol: ts.Symbol | undefined): boolean {
    const file = symbol?.declarations?.[0]?.getSourceFile().fileName ?? "";
    return /\/node_modules\/iron-session[^/]*\//.test(file);
  }

  /** The calls of getIronSession that a session can come from, as far as they are in sight. */
  #origins(session: ts.Expression, depth = 0): ts.CallExpression[] {
    const { ts } = this.#app;
    const value = this.#names.constant(session)?.initializer ?? session;
    const awaited = ts.isAwaitExpression(value) ? value.expression : value;
    if (!ts.isCallExpression(awaited) || depth > 5) return [];
    if (this.#names.importOf(awaited.expression)?.[1] === "getIronSession") return [awaited];
    const callee = this.#names.meaning(awaited.expression)?.valueDeclaration;
    if (!callee || !this.#app.files.includes(callee.getSourceFile())) return [];
    return this.#returned(callee).flatMap((each) => this.#origins(each, depth + 1));
  }

  /** What a function of the app returns. */
  #returned(callee: ts.Node): ts.Expression[] {
    const { ts } = this.#app;
    if (ts.isVariableDeclaration(callee))
      return callee.initializer ? this.#returned(callee.initializer) : [];
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

  #leave({ name }: Access, moved: ReadonlySet<ts.Node>): void {
    if (name.text === "destroy") {
      this.#plan
        .for(name)
        .leave(name, "`session.clear()` and `await session.save()` take the place of this.");
    } else if (moved.size > 0) {
      this.#plan
        .for(name)
        .leave(
          name,
          "Set `session.permanent = true` before this if its cookie outlives the browser.",
        );
    }
  }

  /** `session.destroy()` sends its cookie at once, `session.clear()` when it is saved. */
  #destroy(access: Access): void {
    const { ts } = this.#app;
    const statement = this.#statementOf(access);
    const session = access.expression;
    const file = this.#plan.for(access);
    if (!statement || !ts.isExpressionStatement(statement) || !isAsync(ts, statement)) {
      const advice = "Write `session.clear()` and `await session.save()`, in an async function.";
      file.leave(access, advice);
      return;
    }
    file.replace(
      statement,
      this.#block(
        statement,
        `${session.getText()}.clear();`,
        this.#savesNext(statement, session) ? "" : `await ${session.getText()}.save();`,
      ),
    );
  }

  #save(access: Access, endsWithBrowser: undefined | false): void {
    const session = access.expression.getText();
    const statement = this.#statementOf(access);
    const file = this.#plan.for(access);
    if (endsWithBrowser === undefined || !statement) {
      const advice = `Set \`${session}.permanent = true\` before this if its cookie outlives the browser.`;
      file.leave(access, advice);
      return;
    }
    if (this.#isAfterDestroy(statement, access.expression)) return;
    file.replace(
      statement,
      this.#block(statement, `${session}.permanent = true;`, statement.getText()),
    );
  }

  /** A class of its own is not what Next and React pass on. */
  #pass(session: ts.Identifier): void {
    const { ts } = this.#app;
    const file = this.#plan.for(session);
    if (ts.isJsxExpression(session.parent)) {
      file.leave(
        session,
        `If this is a client component, pass \`${session.text}.toJSON()\`: React passes plain objects alone.`,
      );
      return;
    }
    const isShort = ts.isShorthandPropertyAssignment(session.parent);
    file.insert(session.getEnd(), isShort ? `: ${session.text}.toJSON()` : ".toJSON()");
  }

  /** The statement that a call is, alone or awaited or returned, unless it does more. */
  #statementOf(access: Access): ts.Statement | undefined {
    const { ts } = this.#app;
    if (!ts.isIdentifier(access.expression) || !ts.isCallExpression(access.parent))
      return undefined;
    const call = access.parent;
    const outer = ts.isAwaitExpression(call.parent) ? call.parent : call;
    const { parent } = outer;
    return ts.isExpressionStatement(parent) || ts.isReturnStatement(parent) ? parent : undefined;
  }

  /** Statements in the place of one, with its indentation. */
  #block(statement: ts.Statement, ...lines: string[]): string {
    const { ts } = this.#app;
    const { text } = statement.getSourceFile();
    const start = statement.getStart();
    const lineStart = text.lastIndexOf("\n", start) + 1;
    const indentation = /^\s*/.exec(text.slice(lineStart, start))?.[0] ?? "";
    const hasSemicolon = statement.getText().endsWith(";");
    const given = lines
      .filter(Boolean)
      .map((line) => (hasSemicolon ? line : line.replace(/;$/, "")));
    const isInList =
      ts.isBlock(statement.parent) ||
      ts.isSourceFile(statement.parent) ||
      ts.isCaseOrDefaultClause(statement.parent);
    const isAlone = text.slice(lineStart, start).trim() === "";
    if (isInList)
      return given.join(isAlone ? `\n${indentation}` : "; ".replace(hasSemicolon ? ";" : "", ""));
    return given.length > 1 ? `{ ${given.join(hasSemicolon ? " " : "; ")} }` : given.join("");
  }

  #savesNext(statement: ts.Statement, session: ts.Expression): boolean {
    const next = this.#neighbour(statement, 1);
    return (
      next !== undefined &&
      new RegExp(`^(return )?(await )?${session.getText()}\\.save\\(\\);?$`).test(next.getText())
    );
  }

  #isAfterDestroy(statement: ts.Statement, session: ts.Expression): boolean {
    const before = this.#neighbour(statement, -1);
    return (
      before !== undefined &&
      new RegExp(`^(await )?${session.getText()}\\.destroy\\(\\);?$`).test(before.getText())
    );
  }

  #neighbour(statement: ts.Statement, step: number): ts.Statement | undefined {
    const { statements = [] } = statement.parent as { statements?: readonly ts.Statement[] };
    return statements[statements.indexOf(statement) + step];
  }
}

/** Does a place take a whole session: an attribute of JSX, or the props of getServerSideProps? */
function isGivenAway(ts: App["ts"], value: ts.Identifier): boolean {
  const { parent } = value;
  if (ts.isJsxExpression(parent)) return ts.isJsxAttribute(parent.parent);
  const isProperty =
    (ts.isShorthandPropertyAssignment(parent) && parent.name === value) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === value);
  if (!isProperty) return false;
  const holder = parent.parent.parent;
  return ts.isPropertyAssignment(holder) && holder.name.getText() === "props";
}

function isAsync(ts: App["ts"], node: ts.Node): boolean {
  const holder = ts.findAncestor(node, (each) => ts.isFunctionLike(each) || ts.isSourceFile(each));
  if (!holder || ts.isSourceFile(holder)) return true;
  return (
    ts.canHaveModifiers(holder) &&
    (ts.getModifiers(holder)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false)
  );
}
