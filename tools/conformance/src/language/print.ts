import type { Writer } from "./operation.ts";
import { operation } from "./operations.ts";
import type { Block, Program, Statement } from "./program.ts";
import { functionName } from "./program.ts";
import { setupLines } from "./setup.ts";

/** Collects lines at a growing and shrinking indentation. */
class Lines implements Writer {
  readonly lines: string[] = [];
  #depth = 0;
  readonly #step: string;
  readonly #statement: (statement: Statement, writer: Writer) => void;
  readonly #empty: string | undefined;

  constructor(step: string, statement: (statement: Statement, writer: Writer) => void, empty?: string) {
    this.#step = step;
    this.#statement = statement;
    this.#empty = empty;
  }

  line(text: string): void {
    this.lines.push(this.#step.repeat(this.#depth) + text);
  }

  indent(write: () => void): void {
    this.#depth++;
    write();
    this.#depth--;
  }

  block(statements: Block): void {
    this.indent(() => {
      if (statements.length === 0 && this.#empty !== undefined) this.line(this.#empty);
      for (const statement of statements) this.#statement(statement, this);
    });
  }
}

/** Which functions are reached from those that are run: the others need not be printed. */
function reached(program: Program, bodies: ReadonlyMap<number, string>): number[] {
  const seen = new Set<number>([0, ...(program.runs ?? [])]);
  for (const place of seen) {
    for (const match of (bodies.get(place) ?? "").matchAll(/\b[ck](\d+)\b/g)) {
      const other = Number(match[1]);
      if (functionName(program.functions, other) === match[0]) seen.add(other);
    }
  }
  return [...seen].sort((a, b) => a - b);
}

interface Language {
  readonly name: "python" | "typescript";
  lines(): Lines;
  header(kind: "coroutine" | "callback", name: string): string;
  readonly enter: (kind: "coroutine" | "callback", name: string) => string;
  readonly footer: string | undefined;
  setup(statements: string[]): string[];
  /** A function that gives what a Runner is to run: the places, and the functions. */
  runs(places: readonly number[]): string;
}

function print(program: Program, language: Language): string[] {
  const bodies = new Map<number, string>();
  program.functions.forEach((one, place) => {
    const writer = language.lines();
    const name = functionName(program.functions, place);
    writer.line(language.header(one.kind, name));
    writer.indent(() => writer.line(language.enter(one.kind, name)));
    if (one.body.length > 0) writer.block(one.body);
    if (language.footer !== undefined) writer.line(language.footer);
    bodies.set(place, writer.lines.join("\n"));
  });
  const functions = reached(program, bodies).map((place) => bodies.get(place) as string);
  const setup = language.setup(setupLines(functions.join("\n"), language.name)).join("\n");
  return [setup, ...functions, ...(program.runs === undefined ? [] : [language.runs(program.runs)])];
}

/**
 * The program in Python: what CPython runs.
 *
 * @param options.noted Also tell `note()` how each await ended, to count what the programs reach.
 */
export function printPython(program: Program, options?: { noted?: boolean }): string {
  return pythonParts(program, options).join("\n\n");
}

/** Likewise, each function by itself, setup first. */
export function pythonParts(program: Program, { noted = false } = {}): string[] {
  return print(program, {
    name: "python",
    lines: () =>
      new Lines(
        "    ",
        (statement, writer) => {
          const kind = operation(statement.op);
          if (kind.form === "block") kind.python(statement, writer);
          else if (kind.form === "call")
            writer.line(`attempt("${statement.id}", lambda: ${kind.python(statement.given)})`);
          else if (!noted) writer.line(`log("${statement.id}", await ${kind.python(statement.given)})`);
          else {
            writer.line("try:");
            writer.line(`    log("${statement.id}", await ${kind.python(statement.given)})`);
            writer.line(`    note("${statement.op}", None)`);
            writer.line("except BaseException as error:");
            writer.line(`    note("${statement.op}", error)`);
            writer.line("    raise");
          }
        },
        "pass",
      ),
    header: (kind, name) => (kind === "coroutine" ? `async def ${name}():` : `def ${name}(future=None):`),
    enter: (kind, name) => (kind === "coroutine" ? `enter("${name}")` : `enter("${name}", future)`),
    footer: undefined,
    setup: (statements) => [
      "def setup():",
      ...(statements.length > 0 ? statements : ["pass"]).map((line) => `    ${line}`),
    ],
    runs: (places) => `def runs():\n    return [${places.map((place) => `(${place}, c${place})`).join(", ")}]`,
  });
}

/** How coroutines are written: as generator functions, or wrapped into named coroutines. */
export type Style = "raw" | "named";

/** The program in TypeScript: what is run on tsyncio. */
export function printTypeScript(program: Program, style: Style = "named"): string {
  return typescriptParts(program, style).join("\n\n");
}

/** Likewise, each function by itself, setup first. */
export function typescriptParts(program: Program, style: Style = "named"): string[] {
  const parts = print(program, {
    name: "typescript",
    lines: () =>
      new Lines("  ", (statement, writer) => {
        const kind = operation(statement.op);
        if (kind.form === "block") kind.typescript(statement, writer);
        else if (kind.form === "call") {
          writer.line(`attempt("${statement.id}", () => ${kind.typescript(statement.given)});`);
        } else writer.line(`log("${statement.id}", yield* ${kind.typescript(statement.given)});`);
      }),
    header: (kind, name) => {
      if (kind === "callback") return `function ${name}(future) {`;
      return style === "raw" ? `function* ${name}() {` : `const ${name} = coroutine(function* ${name}() {`;
    },
    enter: (kind, name) => (kind === "coroutine" ? `enter("${name}");` : `enter("${name}", future);`),
    footer: "}",
    setup: (statements) => ["function setup() {", ...statements.map((line) => `  ${line}`), "}"],
    runs: (places) => `function runs() {\n  return [${places.map((place) => `[${place}, c${place}]`).join(", ")}];\n}`,
  });
  return style === "raw" ? parts : parts.map((part) => (part.startsWith("const ") ? `${part});` : part));
}
