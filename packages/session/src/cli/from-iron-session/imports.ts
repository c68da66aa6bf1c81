import type ts from "typescript-5";
import type { App } from "./app.ts";
import { moduleOf, type Names } from "./names.ts";
import type { FilePlan, Plan } from "./plan.ts";

/** Takes away the imports that the edits leave without a use, and adds those that they need. */
export function updateImports(app: App, names: Names, plan: Plan): void {
  for (const specifier of plan.removed) plan.for(specifier);
  for (const file of plan.files.values()) new ImportUpdate(app, names, plan, file).run();
}

class ImportUpdate {
  readonly #app: App;
  readonly #names: Names;
  readonly #plan: Plan;
  readonly #file: FilePlan;

  constructor(app: App, names: Names, plan: Plan, file: FilePlan) {
    this.#app = app;
    this.#names = names;
    this.#plan = plan;
    this.#file = file;
  }

  run(): void {
    const { ts } = this.#app;
    const imports = this.#file.source.statements.filter(ts.isImportDeclaration);
    const gone = imports.filter((statement) => this.#reduce(statement));
    const added = [...this.#file.imports].map((line) => line + this.#lineEnd(imports));
    const replaced = gone.find(isOfIronSession) ?? gone[0];
    for (const statement of gone) {
      if (statement === replaced && added.length > 0)
        this.#file.replace(statement, added.join("\n"));
      else this.#file.removeLine(statement);
    }
    const last = imports.findLast(isOfIronSession) ?? imports.at(-1);
    if (!replaced && added.length > 0 && last) {
      this.#file.insert(last.getEnd(), added.map((line) => `\n${line}`).join(""));
    }
  }

  /** Removes names from an import. Is nothing left of it? */
  #reduce({ importClause }: ts.ImportDeclaration): boolean {
    const { ts } = this.#app;
    const named = importClause?.namedBindings;
    if (!named || !ts.isNamedImports(named)) return false;
    const kept = named.elements.filter((specifier) => !this.#isUnused(specifier));
    if (kept.length === named.elements.length) return false;
    if (kept.length === 0 && !importClause.name) return true;
    if (kept.length === 0) return false;
    this.#file.replace(named, `{ ${kept.map((specifier) => specifier.getText()).join(", ")} }`);
    return false;
  }

  /** Has it lost its uses? What had none before stays, unless it keeps iron-session in the app. */
  #isUnused(specifier: ts.ImportSpecifier): boolean {
    if (this.#plan.removed.has(specifier)) return true;
    const uses = this.#names.localUses(this.#names.local(specifier.name));
    const hadUses = uses.length > 0 || moduleOf(specifier) === "iron-session";
    return hadUses && uses.every((use) => this.#plan.consumed.has(use));
  }

  #lineEnd(imports: readonly ts.ImportDeclaration[]): string {
    return imports.some((statement) => !statement.getText().endsWith(";")) ? "" : ";";
  }
}

function isOfIronSession({ moduleSpecifier }: ts.ImportDeclaration): boolean {
  return (moduleSpecifier as ts.StringLiteral).text === "iron-session";
}
