import type ts from "typescript-5";
import type { App } from "./app.ts";

/** Which names of an app mean what, across its files. */
export class Names {
  readonly #app: App;
  /** Where a thing is used, in all files. Its declaration, and imports of it, are no uses. */
  readonly #uses = new Map<ts.Symbol, ts.Identifier[]>();
  /** Where a name of one file is used in that file. */
  readonly #localUses = new Map<ts.Symbol, ts.Identifier[]>();
  /** The imports of a thing, in all files. */
  readonly #imports = new Map<ts.Symbol, ts.ImportSpecifier[]>();

  constructor(app: App) {
    this.#app = app;
    for (const file of app.files) this.#visit(file);
  }

  /** What a name stands for, wherever it is declared. */
  meaning(name: ts.Node): ts.Symbol | undefined {
    const symbol = this.local(name);
    return symbol && this.#resolved(symbol);
  }

  /** What a name is in its own file: of an imported name, the import. */
  local(name: ts.Node): ts.Symbol | undefined {
    const { ts, checker } = this.#app;
    if (ts.isShorthandPropertyAssignment(name.parent) && name.parent.name === name) {
      return checker.getShorthandAssignmentValueSymbol(name.parent);
    }
    return checker.getSymbolAtLocation(name);
  }

  uses(meaning: ts.Symbol): readonly ts.Identifier[] {
    return this.#uses.get(meaning) ?? [];
  }

  localUses(local: ts.Symbol | undefined): readonly ts.Identifier[] {
    return (local && this.#localUses.get(local)) ?? [];
  }

  imports(meaning: ts.Symbol): readonly ts.ImportSpecifier[] {
    return this.#imports.get(meaning) ?? [];
  }

  /** Under which name it is imported from a package: `["iron-session", "getIronSession"]`. */
  importOf(name: ts.Node): readonly [module: string, name: string] | undefined {
    const { ts } = this.#app;
    const specifier = this.local(name)?.declarations?.[0];
    if (!specifier || !ts.isImportSpecifier(specifier)) return undefined;
    return [moduleOf(specifier), (specifier.propertyName ?? specifier.name).text];
  }

  /** The value of a `const`, if this is the name of one. */
  constant(name: ts.Expression): ts.VariableDeclaration | undefined {
    const { ts } = this.#app;
    if (!ts.isIdentifier(name)) return undefined;
    const declaration = this.meaning(name)?.valueDeclaration;
    if (!declaration || !ts.isVariableDeclaration(declaration)) return undefined;
    const isConstant = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
    return isConstant ? declaration : undefined;
  }

  #resolved(symbol: ts.Symbol): ts.Symbol {
    const { ts, checker } = this.#app;
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  #visit(node: ts.Node): void {
    const { ts } = this.#app;
    if (ts.isIdentifier(node)) this.#note(node);
    node.forEachChild((child) => this.#visit(child));
  }

  #note(name: ts.Identifier): void {
    const { ts } = this.#app;
    const { parent } = name;
    const local = this.local(name);
    if (!local) return;
    if (ts.isImportSpecifier(parent)) {
      if (parent.name === name) append(this.#imports, this.#resolved(local), parent);
    } else if (ts.isExportSpecifier(parent)) {
      append(this.#uses, this.#resolved(local), name);
      const own = this.#app.checker.getExportSpecifierLocalTargetSymbol(parent);
      if (own) append(this.#localUses, own, name);
    } else if (!ts.isImportClause(parent) && !this.#isDeclared(name)) {
      append(this.#uses, this.#resolved(local), name);
      append(this.#localUses, local, name);
    }
  }

  #isDeclared(name: ts.Identifier): boolean {
    const { ts } = this.#app;
    const parent: ts.Node & { name?: ts.Node } = name.parent;
    const isUse = ts.isShorthandPropertyAssignment(parent) || ts.isPropertyAccessExpression(parent);
    return parent.name === name && !isUse;
  }
}

export function moduleOf(specifier: ts.ImportSpecifier): string {
  return (specifier.parent.parent.parent.moduleSpecifier as ts.StringLiteral).text;
}

/** Does this name a module, as in an import, or in `vi.mock("iron-session")`? */
export function isModuleName(ts: App["ts"], node: ts.Node): node is ts.StringLiteralLike {
  if (!ts.isStringLiteralLike(node)) return false;
  const { parent } = node;
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isCallExpression(parent) ||
    ts.isImportTypeNode(parent.parent)
  );
}

/** Is this, or something in it, on the left of an assignment? */
export function isAssigned(ts: App["ts"], node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) {
    return parent.left === node && isAssignment(ts, parent.operatorToken.kind);
  }
  const isInside =
    ts.isPropertyAccessExpression(parent) ||
    ts.isElementAccessExpression(parent) ||
    ts.isNonNullExpression(parent);
  return isInside && parent.expression === node && isAssigned(ts, parent);
}

function isAssignment({ SyntaxKind }: App["ts"], kind: ts.SyntaxKind): boolean {
  return kind >= SyntaxKind.FirstAssignment && kind <= SyntaxKind.LastAssignment;
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
