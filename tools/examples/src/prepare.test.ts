import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outputProblem, prepare } from "./prepare.ts";
import { runNode } from "./run.ts";

let directory: string;
beforeAll(() => {
  const reports = join(import.meta.dirname, "../.reports");
  mkdirSync(reports, { recursive: true });
  directory = mkdtempSync(join(reports, "examples-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const checks = join(import.meta.dirname, "checks.ts");

/** What is wrong with an example, as the tool would say it; undefined when nothing is. */
async function problemOf(code: string): Promise<string | undefined> {
  const example = { file: "docs/it.md", line: 1, code, runs: true, isWhole: false };
  const program = prepare(example, new Map([["inspect", "node:util"]]), checks);
  const file = join(directory, "it.ts");
  writeFileSync(file, program.text);
  const run = await runNode(["--conditions=@tsyncio/source", "--import", "tsx", file], directory, 30);
  return run.exitCode === 0 ? outputProblem(program.prints, run.output) : run.errors.trim();
}

test("values are compared as they are written", async () => {
  expect(
    await problemOf(`1 + 1; // => 2
const list = [1, { a: "b" }]; // => [1, { a: "b" }]
"text"; // => "text"
new Map([[1, 2]]); // => Map(1) { 1 => 2 }
class Point { toString() { return "<Point>"; } }
new Point(); // => <Point>`),
  ).toBeUndefined();
});

test("a wrong value is told with its line", async () => {
  expect(await problemOf("let a = 1;\na += 1; // => 3")).toBe("line 2: says => 3 but it is 2");
});

test("a value that is never reached is told, and an error caught by the example hides none", async () => {
  expect(await problemOf("if (Date.now() < 0) {\n  1; // => 1\n}")).toBe("line 2: was never reached");
  expect(await problemOf("try {\n  1; // => 2\n} catch {}")).toBe("line 2: says => 2 but it is 1");
});

test("names may be used without an import outside of READMEs", async () => {
  expect(await problemOf("inspect({ inspect: 1 }); // => '{ inspect: 1 }'")).toBeUndefined();
});

test("an example that suspends runs as a coroutine", async () => {
  const code = `import { sleep } from "@tsyncio/task";
const x = yield* sleep(0, 5); // => 5`;
  const { text } = prepare({ file: "docs/it.md", line: 1, code, runs: true, isWhole: false }, new Map(), checks);
  expect(text.split("\n")[0]).toMatch(
    /import \{ sleep \} from "@tsyncio\/task"; await __run\(\(function\* main\(\) \{\s*$/,
  );
  expect(text.split("\n")[1]).toBe('const x = yield* sleep(0, 5); __check((x), "5", 2); // => 5');
});

test("printed lines are compared in any order when they stand beside the code", () => {
  const prints = { inOrder: undefined, anyOrder: ["a", "b …"] };
  expect(outputProblem(prints, "b 1\na\nb 2\n")).toBeUndefined();
  expect(outputProblem(prints, "a\n")).toBe("says it prints\n    b …\nbut printed\n    a");
  expect(outputProblem(prints, "a\nb 1\nc\n")).toBe("also printed\n    c");
});

test("printed lines are compared in order when they stand below the code", async () => {
  const code = "console.log(1);\nconsole.log(2);\n// prints:\n//   1\n//   2";
  expect(await problemOf(code)).toBeUndefined();
  expect(await problemOf(code.replace("//   1\n//   2", "//   2\n//   1"))).toBe(
    "says it prints\n    2\n    1\nbut printed\n    1\n    2",
  );
});

test("a value beside console.log is what it prints", async () => {
  expect(await problemOf("console.log(1 + 1); // => 2")).toBeUndefined();
  expect(await problemOf("console.log(1 + 1); // prints: 3")).toBe("says it prints\n    3\nbut printed\n    2");
});

test("an example that does not end is ended", async () => {
  const file = join(directory, "endless.js");
  writeFileSync(file, "for (;;);");
  expect(await runNode([file], directory, 0.5)).toMatchObject({ exitCode: null, timedOut: true });
});
