import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Example, examplesInDocstrings, examplesInMarkdown } from "./extract.ts";
import { outputProblem, type Program, prepare } from "./prepare.ts";
import { runNode } from "./run.ts";
import { exportsOf, typeErrors } from "./type-check.ts";

const usage = `Usage: pnpm examples [<part of a path>]…
Type checks and runs the examples of every README.md, of docs/ and of the doc comments; with arguments, only those in
files whose path contains one of them.`;

const root = resolve(import.meta.dirname, "../../..");
// The programs lie inside this folder, from where every package can be imported.
const directory = resolve(import.meta.dirname, "../.generated", String(process.pid));
const limitSeconds = 20;
const atOnce = 2;

const wanted = process.argv.slice(2).filter((argument) => argument !== "--");
if (wanted.includes("--help")) {
  console.log(usage);
  process.exit(0);
}

function filesBelow(folder: string, keep: (path: string) => boolean): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".") || ["node_modules", "dist", "reference"].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, keep);
    return keep(path) ? [path] : [];
  });
}

function allExamples(): Example[] {
  const markdown = [
    join(root, "README.md"),
    join(root, "CONTRIBUTING.md"),
    ...["packages", "apps", "tools"].flatMap((group) =>
      filesBelow(join(root, group), (path) => path.endsWith("/README.md")),
    ),
    ...filesBelow(join(root, "docs"), (path) => path.endsWith(".md")),
  ].filter(existsSync);
  const sources = filesBelow(join(root, "packages"), (path) => /\/src\/.*(?<!\.test|\.test-d)\.ts$/.test(path));
  return [
    ...markdown.flatMap((file) => examplesInMarkdown(relative(root, file), readFileSync(file, "utf8"))),
    ...sources.flatMap((file) => examplesInDocstrings(relative(root, file), readFileSync(file, "utf8"))),
  ];
}

/** The exports of every package by name; what several export is taken from the lowest layer. */
function implicitImports(): Map<string, string> {
  const packages = ["context", "loop", "future", "promise-interop", "coroutine", "task", "sync", "queue", "testing"];
  const modules = packages.map((name) => join(root, "packages", name, "src/index.ts"));
  const exported = exportsOf(root, modules);
  const names = new Map<string, string>();
  for (const [index, name] of packages.entries()) {
    for (const symbol of exported.get(modules[index]!) ?? []) {
      if (!names.has(symbol)) names.set(symbol, `@tsyncio/${name}`);
    }
  }
  return names;
}

async function problemOf({ example, prints }: Program, file: string): Promise<string | undefined> {
  if (!example.runs) return undefined;
  const run = await runNode(["--conditions=@tsyncio/source", "--import", "tsx", file], directory, limitSeconds);
  if (run.timedOut) return `did not end within ${limitSeconds} s`;
  if (run.exitCode !== 0) return `ended with exit code ${run.exitCode}\n${run.errors.trimEnd()}`;
  return outputProblem(prints, run.output);
}

const examples = allExamples().filter(({ file }) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
const implicit = implicitImports();
const programs = new Map<string, Program>();
for (const [index, example] of examples.entries()) {
  const file = join(directory, `example-${index + 1}.ts`);
  const program = prepare(example, implicit, "../../src/checks.ts");
  writeFileSync(file, program.text);
  programs.set(file, program);
}

const problems: string[] = [];
const fail = ({ example }: Program, problem: string): void => {
  problems.push(`${example.file}:${example.line}: ${problem.replaceAll("\n", "\n    ")}`);
};
const mistyped = typeErrors(root, [...programs.keys()]);
for (const [file, errors] of mistyped) fail(programs.get(file)!, errors.join("\n"));

const waiting = [...programs].filter(([file]) => !mistyped.has(file));
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [file, program] = next;
      const problem = await problemOf(program, file);
      if (problem !== undefined) fail(program, problem);
    }
  }),
);

for (const problem of problems.sort()) console.error(problem);
const unrun = examples.filter((example) => !example.runs).length;
console.log(`${examples.length} examples, ${unrun} of them only type checked, ${problems.length} failed`);
if (problems.length === 0) rmSync(directory, { recursive: true, force: true });
process.exit(problems.length > 0 ? 1 : 0);
