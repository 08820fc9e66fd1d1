import ts from "typescript";
import type { Example } from "./extract.ts";

/** An example made into a module that can be checked and run. */
export interface Program {
  readonly example: Example;
  /** The module. Line n of it is line n of the example, so that errors can be shown where they belong. */
  readonly text: string;
  readonly prints: ExpectedOutput;
}

/** What the comments of an example say it prints. */
export interface ExpectedOutput {
  /** The lines of a comment block `// prints:`: exactly these, in this order. */
  readonly inOrder: readonly string[] | undefined;
  /** The lines of trailing comments: each is printed, and nothing else is, in whatever order. */
  readonly anyOrder: readonly string[];
}

/** The names that an example may use without an import, and the module that each comes from. */
export type ImplicitImports = ReadonlyMap<string, string>;

interface Edit {
  readonly at: number;
  readonly insert: string;
}

/** Makes an example into a program that checks its own `// => value` comments, through the module `checks`. */
export function prepare(example: Example, implicit: ImplicitImports, checks: string): Program {
  const { code } = example;
  const suspends = !example.isWhole && hasTopLevelYield(code);
  // `yield*` parses as such in a generator only; the same text around it keeps every line where it was.
  const opening = suspends ? "function* main() {" : "";
  const source = ts.createSourceFile("example.ts", `${opening}${code}`, ts.ScriptTarget.Latest, true);

  const edits: Edit[] = [];
  const anyOrder: string[] = [];
  const checked: number[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isStatement(node)) return;
    const expected = trailingComment(source.text, node.end);
    if (expected === undefined) return;
    const { kind, text } = expected;
    if (kind === "prints" || isConsoleLog(node)) {
      anyOrder.push(text);
      return;
    }
    const { line } = source.getLineAndCharacterOfPosition(node.end);
    const tail = `), ${JSON.stringify(text)}, ${line + 1})`;
    if (ts.isExpressionStatement(node)) {
      edits.push({ at: node.expression.getStart(source), insert: "__check((" });
      edits.push({ at: node.expression.end, insert: tail });
    } else if (ts.isVariableStatement(node)) {
      const [declaration] = node.declarationList.declarations;
      if (declaration === undefined || !ts.isIdentifier(declaration.name)) return;
      edits.push({ at: node.end, insert: ` __check((${declaration.name.text}${tail};` });
    } else if (ts.isReturnStatement(node) && node.expression !== undefined) {
      edits.push({ at: node.expression.getStart(source), insert: "__check((" });
      edits.push({ at: node.expression.end, insert: tail });
    } else {
      return;
    }
    checked.push(line + 1);
  };
  visit(source);

  let text = source.text;
  for (const { at, insert } of edits.sort((a, b) => b.at - a.at)) text = text.slice(0, at) + insert + text.slice(at);
  if (suspends) text = hoistImports(text.slice(opening.length));

  const imports = [`import { check as __check, expectChecks as __expectChecks } from ${JSON.stringify(checks)};`];
  if (!example.isWhole) imports.push(...implicitImports(code, suspends, implicit));
  const prefix = `${imports.join(" ")} __expectChecks(${JSON.stringify(checked)}); `;
  return { example, text: `${prefix}${text}\nexport {};\n`, prints: { inOrder: printsBlock(code), anyOrder } };
}

/** Puts the body of a suspending example into a coroutine that runs, its imports in front. */
function hoistImports(body: string): string {
  const source = ts.createSourceFile("example.ts", body, ts.ScriptTarget.Latest, true);
  const imports = source.statements.filter(ts.isImportDeclaration);
  let rest = body;
  for (const node of [...imports].reverse()) {
    const start = node.getStart(source);
    // What stood there becomes blank, so that lines keep their numbers.
    rest = rest.slice(0, start) + rest.slice(start, node.end).replaceAll(/[^\n]/g, " ") + rest.slice(node.end);
  }
  const hoisted = imports.map((node) => node.getText(source).replaceAll("\n", " ")).join(" ");
  return `import { run as __run } from "@tsyncio/task"; ${hoisted} await __run((function* main() {${rest}\n})());`;
}

function hasTopLevelYield(code: string): boolean {
  const source = ts.createSourceFile("example.ts", `function* main() {${code}\n}`, ts.ScriptTarget.Latest, true);
  const main = source.statements[0];
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isYieldExpression(node)) found = true;
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  if (main !== undefined && ts.isFunctionDeclaration(main) && main.body !== undefined) visit(main.body);
  return found;
}

/** Imports for the names an example uses and neither declares nor imports. */
function implicitImports(code: string, suspends: boolean, implicit: ImplicitImports): string[] {
  const source = ts.createSourceFile(
    "example.ts",
    suspends ? `function* main() {${code}\n}` : code,
    ts.ScriptTarget.Latest,
    true,
  );
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isMember =
        (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
        (ts.isPropertyAssignment(parent) && parent.name === node);
      const isDeclared =
        ts.isImportSpecifier(parent) ||
        ((ts.isVariableDeclaration(parent) ||
          ts.isFunctionDeclaration(parent) ||
          ts.isClassDeclaration(parent) ||
          ts.isInterfaceDeclaration(parent) ||
          ts.isTypeAliasDeclaration(parent) ||
          ts.isParameter(parent) ||
          ts.isBindingElement(parent)) &&
          parent.name === node);
      if (isDeclared) declared.add(node.text);
      else if (!isMember) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const names = [...used].filter((name) => implicit.has(name) && !declared.has(name));
  return names.map((name) => `import { ${name} } from ${JSON.stringify(implicit.get(name))};`);
}

/** The comment `// => …` or `// prints: …` that ends the line on which a statement ends. */
function trailingComment(text: string, end: number): { kind: "value" | "prints"; text: string } | undefined {
  const rest = text.slice(end).split("\n", 1)[0] ?? "";
  const match = /^[ \t;]*\/\/\s*(=>|prints:)\s*(.+?)\s*$/.exec(rest);
  if (match === null) return undefined;
  return { kind: match[1] === "=>" ? "value" : "prints", text: match[2]! };
}

/** The lines below a comment `// prints:` that stands alone, up to the end of the comment. */
function printsBlock(code: string): string[] | undefined {
  const lines = code.split("\n").map((line) => line.trim());
  let expected: string[] | undefined;
  for (const [index, line] of lines.entries()) {
    if (!/^\/\/\s*prints:$/.test(line)) continue;
    expected ??= [];
    for (const below of lines.slice(index + 1)) {
      if (!below.startsWith("//")) break;
      expected.push(below.replace(/^\/\/ {0,3}/, ""));
    }
  }
  return expected;
}

function isConsoleLog(node: ts.Node): boolean {
  return (
    ts.isExpressionStatement(node) &&
    ts.isCallExpression(node.expression) &&
    /^console\.\w+$/.test(node.expression.expression.getText())
  );
}

/** What is wrong with what an example printed; undefined when nothing is. */
export function outputProblem({ inOrder, anyOrder }: ExpectedOutput, output: string): string | undefined {
  const printed = output === "" ? [] : output.replace(/\n$/, "").split("\n");
  if (inOrder !== undefined) {
    const same = inOrder.length === printed.length && inOrder.every((line, index) => matches(line, printed[index]!));
    if (!same) return `says it prints\n${indent(inOrder)}\nbut printed\n${indent(printed)}`;
    return undefined;
  }
  if (anyOrder.length === 0) return undefined;
  const unprinted = anyOrder.filter((expected) => !printed.some((line) => matches(expected, line)));
  if (unprinted.length > 0) return `says it prints\n${indent(unprinted)}\nbut printed\n${indent(printed)}`;
  const unsaid = printed.filter((line) => !anyOrder.some((expected) => matches(expected, line)));
  if (unsaid.length > 0) return `also printed\n${indent(unsaid)}`;
  return undefined;
}

/** "…" in what is expected stands for anything. */
function matches(expected: string, actual: string): boolean {
  const parts = expected
    .trimEnd()
    .split("…")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(actual.trimEnd());
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join("\n");
}
