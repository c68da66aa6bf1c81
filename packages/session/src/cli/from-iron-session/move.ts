import type ts from "typescript-5";
import { type App, shortPath } from "./app.ts";
import { type Call, isCopy, isProxy, PROXY, readCall } from "./calls.ts";
import { beside, type Definition, DefinitionWriter, pathBetween } from "./definition.ts";
import { updateImports } from "./imports.ts";
import { isAssigned, isModuleName, moduleOf, type Names } from "./names.ts";
import { OptionsReader, Unclear } from "./options.ts";
import { originsOf } from "./origins.ts";
import { Plan } from "./plan.ts";
import { SessionUses } from "./session-uses.ts";

const ADVICE: Record<string, string> = {
  sealData:
    'Define what the value is for, beside the session: `const link = defineSession<…>({ name: "login-link", format: "sealed", idleTimeout: … })`. Then `link.encode(data)` seals. See the guide “Magic links”.',
  unsealData:
    '`link.decode(value)` unseals, with the same definition. It returns `{ ok: true, data }` or `{ ok: false, reason }`. Values that iron-session sealed are read if the definition has `accept: [{ format: "iron-session", secret: … }]`.',
  SessionOptions: "The options of `defineSession` take the place of these.",
  nextProxyCookies: "`getSession(request, response)` takes the place of this.",
};

/** Plans how an app leaves iron-session. Changes nothing. */
export function planMove(app: App, names: Names): Plan {
  return new Move(app, names).plan();
}

class Move {
  readonly #app: App;
  readonly #names: Names;
  readonly #plan = new Plan();
  readonly #calls: Call[] = [];
  /** Uses of other names of iron-session. */
  readonly #others: (readonly [name: string, use: ts.Identifier])[] = [];

  /** Are all uses of iron-session in sight? */
  #isFollowed = true;
  /** Types that are mentioned together with what they are the type of. */
  readonly #covered = new Set<ts.Node>();

  constructor(app: App, names: Names) {
    this.#app = app;
    this.#names = names;
  }

  plan(): Plan {
    for (const file of this.#app.files) this.#find(file);
    const uses = new SessionUses(this.#app, this.#names, this.#plan);
    const stuck = uses.unmovable();
    const definitions: Definition[] = [];
    const moved = new Map<ts.Node, Definition>();
    for (const [object, calls] of this.#callsByOptions()) {
      const clear = calls.filter((call) => this.#isClear(call, stuck));
      const definition = clear.length > 0 ? this.#define(object, clear, definitions) : undefined;
      if (!definition) continue;
      definitions.push(definition);
      for (const call of clear) this.#moveCall(call, definition);
      for (const { node } of clear) moved.set(node, definition);
    }
    const isComplete = this.#isFollowed && moved.size === this.#calls.length;
    uses.move(moved, isComplete);
    for (const file of this.#app.files) if (isProxy(this.#app, file)) this.#checkProxy(file, moved);
    for (const definition of definitions) this.#removeOptions(definition);
    for (const other of this.#others) this.#moveOther(...other, isComplete);
    updateImports(this.#app, this.#names, this.#plan);
    return this.#plan;
  }

  /** Sorts the uses of what a file imports from iron-session. */
  #find(node: ts.Node): void {
    const { ts } = this.#app;
    if (ts.isIdentifier(node) && !ts.isImportSpecifier(node.parent)) {
      const [module, name = ""] = this.#names.importOf(node) ?? [];
      if (module === "iron-session") {
        const { parent } = node;
        const isCall = name === "getIronSession" && ts.isCallExpression(parent);
        if (isCall && parent.expression === node)
          this.#calls.push(readCall(this.#app, this.#names, node, parent));
        else this.#others.push([name, node]);
      }
    }
    if (isModuleName(ts, node) && /^iron-session(\/|$)/.test(node.text)) this.#checkModule(node);
    node.forEachChild((child) => this.#find(child));
  }

  /** Only named imports are followed. */
  #checkModule(module: ts.StringLiteralLike): void {
    const { ts } = this.#app;
    const { parent } = module;
    const bindings = ts.isImportDeclaration(parent) ? parent.importClause : undefined;
    const isNamed = bindings?.namedBindings && ts.isNamedImports(bindings.namedBindings);
    // An import that is not used needs an edit too.
    const file = this.#plan.for(module);
    if (isNamed && !bindings.name && module.text === "iron-session") return;
    const advice =
      module.text === "iron-session"
        ? 'Only `import { … } from "iron-session"` is followed. Change what uses this by hand.'
        : "This is the interface of iron-session 6 and earlier. Change what uses it by hand.";
    file.leave(module, advice);
    this.#isFollowed = false;
  }

  #isClear({ node, given }: Call, stuck: ReadonlySet<ts.Node>): boolean {
    const isStuck = stuck.has(node);
    if (given instanceof Unclear) this.#leave(node, given.message);
    else if (isStuck) this.#leave(node, "Its session is used in a way that has no equivalent.");
    return !isStuck && !(given instanceof Unclear);
  }

  /** A function that reads the cookies of the page's request does not work in the proxy. */
  #checkProxy(node: ts.Node, moved: ReadonlyMap<ts.Node, Definition>): void {
    const { ts } = this.#app;
    if (ts.isCallExpression(node)) {
      const origins = originsOf(this.#app, this.#names, node);
      const isLater = origins.some((call) => moved.has(call) && call.arguments.length === 2);
      if (isLater && !origins.includes(node)) this.#leave(node, PROXY);
    }
    node.forEachChild((child) => this.#checkProxy(child, moved));
  }

  #callsByOptions(): Map<ts.ObjectLiteralExpression, Call[]> {
    const groups = new Map<ts.ObjectLiteralExpression, Call[]>();
    for (const call of this.#calls) {
      const { node, given } = call;
      const same = [...groups.keys()].find(
        (object) => call.object && isCopy(this.#app.ts, object, call.object),
      );
      const object = same ?? call.object;
      if (object) groups.set(object, [...(groups.get(object) ?? []), call]);
      else if (given instanceof Unclear) this.#leave(node, given.message);
      else
        this.#leave(
          node,
          "Which options these are is not in sight here: call the `getSession` of their definition.",
        );
    }
    return groups;
  }

  #define(
    object: ts.ObjectLiteralExpression,
    calls: readonly Call[],
    before: readonly Definition[],
  ): Definition | undefined {
    try {
      const options = new OptionsReader(this.#app, this.#names).read(object);
      const types = calls.flatMap(({ node }) => node.typeArguments?.[0] ?? []);
      const definition = new DefinitionWriter(this.#app, this.#names, object).write(options, types);
      const changed = this.#changesOf(object);
      if (changed) throw new Unclear(changed, "These options are changed here, out of sight.");
      const { name } = options;
      if (before.some((other) => other.options.name === name)) {
        throw new Unclear(
          object,
          `Another definition has the name ${name}: use one definition for one cookie.`,
        );
      }
      if (this.#plan.created.has(definition.path)) {
        throw new Unclear(
          object,
          "Another definition of this folder takes the file for it: put these options into a folder of their own.",
        );
      }
      this.#plan.created.set(definition.path, { text: definition.text, from: object });
      for (const { node, advice } of options.notes) this.#plan.for(node).note(node, advice);
      for (const secret of options.secrets) this.#plan.secrets.add(secret);
      return definition;
    } catch (error) {
      if (!(error instanceof Unclear)) throw error;
      this.#leave(error.node, error.message);
      const why = "The definition that this needs could not be written: see the options.";
      for (const { node } of calls) this.#leave(node, why);
      return undefined;
    }
  }

  /** Where a property of options in a constant is set. */
  #changesOf({ parent }: ts.ObjectLiteralExpression): ts.Node | undefined {
    const { ts } = this.#app;
    const declaration = ts.findAncestor(parent, ts.isVariableDeclaration);
    const meaning = declaration && this.#names.meaning(declaration.name);
    return (meaning ? this.#names.uses(meaning) : []).find((use) => isAssigned(ts, use));
  }

  #moveCall({ node, name, given }: Call, definition: Definition): void {
    const file = this.#plan.for(node);
    const { source } = file;
    const local = file.nameFor("getSession", "getDefinedSession", definition);
    const imported = local === "getSession" ? local : `getSession as ${local}`;
    const quote = source.text.includes(`'iron-session'`) ? "'" : '"';
    file.imports.add(
      `import { ${imported} } from ${quote}${this.#specifier(node, definition)}${quote}`,
    );
    file.replace(node, `${local}(${(given as readonly string[]).join(", ")})`);
    this.#plan.consumed.add(name);
    this.#plan.consume(this.#app.ts, node);
    this.#removeCookieStore(node);
  }

  /** `const store = await cookies()` goes if only the call used it. */
  #removeCookieStore({ arguments: given }: ts.CallExpression): void {
    const { ts } = this.#app;
    const [store] = given;
    const declaration = given.length === 2 && store && this.#names.constant(store);
    const statement = declaration && onlyIn(ts, declaration);
    if (!store || !statement) return;
    const meaning = this.#names.meaning(store);
    const others = this.#names
      .uses(meaning as ts.Symbol)
      .filter((use) => !this.#plan.consumed.has(use));
    if (others.length > 0) return;
    this.#plan.consume(ts, declaration);
    this.#plan.for(declaration).removeLine(statement);
  }

  #specifier(call: ts.CallExpression, { path, declaration }: Definition): string {
    const { ts } = this.#app;
    const options = call.arguments.at(-1) as ts.Expression;
    const specifier = this.#names.local(options)?.declarations?.[0];
    const home = declaration?.getSourceFile();
    const neighbour =
      home && specifier && ts.isImportSpecifier(specifier)
        ? beside(moduleOf(specifier), home, path)
        : undefined;
    return neighbour ?? pathBetween(call.getSourceFile().fileName, path);
  }

  /** The options go once nothing uses them. */
  #removeOptions({ declaration, path }: Definition): void {
    const { ts } = this.#app;
    const statement = declaration && onlyIn(ts, declaration);
    if (!declaration || !statement) return;
    const meaning = this.#names.meaning(declaration.name);
    const uses = meaning ? this.#names.uses(meaning) : [];
    const left = uses.filter((use) => !this.#plan.consumed.has(use));
    if (left.length > 0) {
      const lines = left.map((use) => placeOf(this.#app, use)).join(", ");
      this.#leave(
        statement,
        `${shortPath(this.#app, path)} has these options now. Remove them when nothing uses them any more: ${lines}.`,
      );
      if (declaration.type) this.#covered.add(declaration.type);
      return;
    }
    this.#plan.consume(ts, declaration);
    this.#plan.for(declaration).removeWithComments(statement);
    for (const specifier of this.#names.imports(meaning as ts.Symbol))
      this.#plan.removed.add(specifier);
  }

  #moveOther(name: string, use: ts.Identifier, isComplete: boolean): void {
    if (this.#plan.consumed.has(use) || this.#covered.has(use.parent)) return;
    if (name === "IronSession" && isComplete && this.#app.ts.isTypeReferenceNode(use.parent)) {
      const file = this.#plan.for(use);
      const local = file.nameFor("Session", "DefinedSession", "type");
      const imported = local === "Session" ? local : `Session as ${local}`;
      file.imports.add(`import type { ${imported} } from "next-signed-session"`);
      file.replace(use, local);
      this.#plan.consumed.add(use);
      return;
    }
    const session =
      "`Session`, from next-signed-session, takes the place of this once the calls are changed.";
    this.#leave(
      use,
      ADVICE[name] ?? (name === "IronSession" ? session : "There is no equivalent."),
    );
  }

  #leave(node: ts.Node, advice: string): void {
    this.#plan.for(node).leave(node, advice);
  }
}

/** The statement that declares this and nothing else. */
function onlyIn(ts: App["ts"], { parent }: ts.VariableDeclaration): ts.Statement | undefined {
  const isAlone = ts.isVariableDeclarationList(parent) && parent.declarations.length === 1;
  return isAlone && ts.isVariableStatement(parent.parent) ? parent.parent : undefined;
}

function placeOf(app: App, node: ts.Node): string {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return `${shortPath(app, source.fileName)}:${line + 1}`;
}
