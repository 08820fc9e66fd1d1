/**
 * How far a test file reaches into its package. What its users can reach, it can be given from the built package; a test of
 * internals needs the source.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

/** One of the paths a package exports: the name to import it by, its source, and what is built of it. */
export interface Entry {
  readonly specifier: string;
  readonly source: string;
  readonly built: string;
}

/** The entries of the package in a folder. */
export function entriesOf(folder: string): Entry[] {
  const { name, exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    name: string;
    exports: Record<string, { "@tsyncio/source"?: string; import?: { default: string } }>;
  };
  return Object.entries(exports).flatMap(([subpath, { "@tsyncio/source": source, import: built }]) =>
    source === undefined || built === undefined
      ? []
      : [{ specifier: join(name, subpath), source: join(folder, source), built: join(folder, built.default) }],
  );
}

/** Of each module of a package that is no entry: the values its users get of it, and the entry they get each from. */
export type Public = ReadonlyMap<string, ReadonlyMap<string, Entry>>;

export function publicOf(entries: readonly Entry[]): Public {
  const found = new Map<string, Map<string, Entry>>();
  for (const entry of entries) {
    for (const statement of parse(entry.source).statements) {
      if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined || statement.isTypeOnly)
        continue;
      const module = resolve(dirname(entry.source), textOf(statement.moduleSpecifier));
      const values = found.get(module) ?? new Map<string, Entry>();
      found.set(module, values);
      if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
      for (const { isTypeOnly, name, propertyName } of statement.exportClause.elements) {
        // What has another name outside is not found under its own.
        if (!isTypeOnly && propertyName === undefined) values.set(name.text, entry);
      }
    }
  }
  return found;
}

/** A package, as its tests import it. */
export interface TestedPackage {
  readonly folder: string;
  readonly entries: readonly Entry[];
  readonly public: Public;
}

export function testedPackage(folder: string): TestedPackage {
  const entries = entriesOf(folder);
  return { folder, entries, public: publicOf(entries) };
}

/** Whether a test, and all of the package's test files that it imports, take no more than what the package's users get. */
export function isOfPublic(file: string, tested: TestedPackage, seen: Set<string> = new Set()): boolean {
  if (seen.has(file)) return true;
  seen.add(file);
  const source = parse(file);
  // A test that loads a module anew, for what it does then, needs that very module.
  if (/\bimport\("\./.test(source.text)) return false;
  return source.statements.filter(ts.isImportDeclaration).every((statement) => {
    const specifier = textOf(statement.moduleSpecifier);
    const { importClause } = statement;
    if (!specifier.startsWith(".") || importClause?.isTypeOnly === true) return true;
    const module = resolve(dirname(file), specifier);
    if (!module.startsWith(join(tested.folder, "src/"))) return isOfPublic(module, tested, seen);
    if (tested.entries.some(({ source }) => source === module)) return true;
    const bindings = importClause?.namedBindings;
    if (bindings === undefined || importClause?.name !== undefined || !ts.isNamedImports(bindings)) return false;
    const values = tested.public.get(module);
    return bindings.elements.every(
      ({ isTypeOnly, name, propertyName }) => isTypeOnly || values?.has((propertyName ?? name).text) === true,
    );
  });
}

/** A module that gives, of a source, what the package's users get of it, from what is built. */
export function builtInsteadOf(module: string, tested: TestedPackage): string {
  const lines = [...(tested.public.get(module) ?? [])].map(
    ([name, { built }]) => `export { ${name} } from ${JSON.stringify(built)};`,
  );
  return lines.join("\n");
}

/**
 * Whether a test file needs nothing that only Node has (files, processes), nor a thread that may block, nor modules loaded
 * a second time.
 */
export function runsInBrowsers(file: string): boolean {
  return !/from "node:|process\.|setImmediate\(|blockingHost\(\)|vi\.resetModules\(/.test(readFileSync(file, "utf8"));
}

/** The packages, and those of their test files that are wanted, by whether they reach no further than users do. */
export function testFiles(
  root: string,
  isWanted: (file: string) => boolean = () => true,
): { packages: TestedPackage[]; ofPublic: string[]; ofInternals: string[] } {
  const packages: TestedPackage[] = [];
  const ofPublic: string[] = [];
  const ofInternals: string[] = [];
  for (const name of readdirSync(join(root, "packages")).sort()) {
    const tested = testedPackage(join(root, "packages", name));
    packages.push(tested);
    for (const group of ["src", "test"]) {
      const folder = join(tested.folder, group);
      if (!existsSync(folder)) continue;
      for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
        const file = join(folder, path);
        if (!path.endsWith(".test.ts") || !isWanted(file)) continue;
        (isOfPublic(file, tested) ? ofPublic : ofInternals).push(file);
      }
    }
  }
  return { packages, ofPublic, ofInternals };
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ESNext);
}

function textOf(specifier: ts.Expression): string {
  return (specifier as ts.StringLiteral).text;
}
