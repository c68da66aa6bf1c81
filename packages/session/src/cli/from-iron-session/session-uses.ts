import type ts from "typescript-5";
import type { App } from "./app.ts";
import type { Definition } from "./definition.ts";
import type { Names } from "./names.ts";
import { originsOf } from "./origins.ts";
import type { Plan } from "./plan.ts";

/** A method of iron-session, as `session.save`. */
type Access = ts.PropertyAccessExpression;

const METHODS = ["save", "destroy", "updateConfig"];

const CONFIG =
  "`updateConfig` has no equivalent. If it chooses between a cookie that stays and one that ends with the browser, set `session.permanent` to true or false.";

const TAKEN = "A session's methods are called on the session, as `session.save()`.";

const CLEAR =
  "`session.clear()` and `await session.save()`, in an async function, take the place of this.";

const PERMANENT = "Set `session.permanent = true` before this if the cookie outlives the browser.";

/** What an app does with the sessions that it got. */
export class SessionUses {
  readonly #app: App;
  readonly #names: Names;
  readonly #plan: Plan;
  readonly #accesses: Access[] = [];
  /** Sessions given to others as a whole. */
  readonly #given: ts.Identifier[] = [];
  /** Patterns that take methods out of a session, as `const { save } = session`. */
  readonly #taken: ts.ObjectBindingPattern[] = [];

  constructor(app: App, names: Names, plan: Plan) {
    this.#app = app;
    this.#names = names;
    this.#plan = plan;
    for (const file of app.files) this.#find(file);
  }

  /** The calls whose session is then used in a way that has no equivalent. */
  unmovable(): ReadonlySet<ts.Node> {
    const stuck: ts.Node[] = [];
    for (const { name, expression } of this.#accesses) {
      if (name.text !== "updateConfig") continue;
      this.#plan.for(name).leave(name, CONFIG);
      stuck.push(...originsOf(this.#app, this.#names, expression));
    }
    for (const pattern of this.#taken) {
      this.#plan.for(pattern).leave(pattern, TAKEN);
      const source = (pattern.parent as ts.VariableDeclaration).initializer;
      if (source) stuck.push(...originsOf(this.#app, this.#names, source));
    }
    return new Set(stuck);
  }

  /** Changes the calls of methods on sessions that moved. */
  move(moved: ReadonlyMap<ts.Node, Definition>, isComplete: boolean): void {
    for (const access of this.#accesses) {
      if (access.name.text === "updateConfig") continue;
      const definitions = this.#definitionsOf(access.expression, moved, isComplete);
      if (definitions.length === 0) this.#leave(access, moved.size > 0);
      else if (access.name.text === "destroy") this.#destroy(access);
      else this.#save(access, definitions);
    }
    for (const session of this.#given) {
      if (this.#definitionsOf(session, moved, isComplete).length > 0) this.#pass(session);
    }
  }

  /** What a session can come from now, or nothing if one of its calls did not move. */
  #definitionsOf(
    session: ts.Expression,
    moved: ReadonlyMap<ts.Node, Definition>,
    isComplete: boolean,
  ): readonly Definition[] {
    const origins = originsOf(this.#app, this.#names, session);
    const found = origins.flatMap((origin) => moved.get(origin) ?? []);
    if (origins.length > 0) return found.length === origins.length ? found : [];
    return isComplete ? [...moved.values()] : [];
  }

  #find(node: ts.Node): void {
    const { ts } = this.#app;
    if (ts.isPropertyAccessExpression(node) && this.#isOfIronSession(node.name))
      this.#accesses.push(node);
    if (ts.isIdentifier(node) && isGivenAway(ts, node) && this.#isSession(node))
      this.#given.push(node);
    if (ts.isObjectBindingPattern(node) && this.#takesMethods(node)) this.#taken.push(node);
    node.forEachChild((child) => this.#find(child));
  }

  #takesMethods(pattern: ts.ObjectBindingPattern): boolean {
    const { checker } = this.#app;
    const type = checker.getTypeAtLocation(pattern);
    return pattern.elements
      .map(({ propertyName, name }) => (propertyName ?? name).getText())
      .filter((name) => METHODS.includes(name))
      .some((name) => this.#isIronSessionsOwn(checker.getPropertyOfType(type, name)));
  }

  #isOfIronSession(name: ts.MemberName): boolean {
    if (!METHODS.includes(name.text)) return false;
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

  /** The advice at the call that the session comes from covers the rest. */
  #leave({ name, expression }: Access, isSomeMoved: boolean): void {
    if (name.text === "destroy") {
      this.#plan.for(name).leave(name, CLEAR);
    } else if (isSomeMoved && originsOf(this.#app, this.#names, expression).length === 0) {
      this.#plan.for(name).leave(name, PERMANENT);
    }
  }

  /** `session.destroy()` sends its cookie at once, `session.clear()` when it is saved. */
  #destroy(access: Access): void {
    const { ts } = this.#app;
    const statement = this.#statementOf(access);
    const session = access.expression;
    const file = this.#plan.for(access);
    if (!statement || !ts.isExpressionStatement(statement) || !isAsync(ts, statement)) {
      file.leave(access, CLEAR);
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

  /** A cookie of iron-session outlives the browser unless its options say otherwise. */
  #save(access: Access, definitions: readonly Definition[]): void {
    const endings = new Set(definitions.map(({ options }) => options.endsWithBrowser));
    if (endings.size === 1 && endings.has(true)) return;
    const session = access.expression.getText();
    const statement = this.#statementOf(access);
    const file = this.#plan.for(access);
    if (endings.size > 1 || !statement) {
      file.leave(access, PERMANENT);
      return;
    }
    if (this.#isAfterDestroy(statement, access.expression)) return;
    const lines = [`${session}.permanent = true;`, statement.getText()];
    file.replace(statement, this.#block(statement, ...lines));
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
