import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runProgram } from "./child.ts";

async function scenarios(kind: "native" | "future"): Promise<Record<string, string[]>> {
  const { code, stdout, stderr } = await runProgram(
    fileURLToPath(new URL("unhandled/scenarios.ts", import.meta.url)),
    [kind],
    60_000,
  );
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

test("the platform is told of rejections nobody handles as it is of its own", { timeout: 90_000 }, async () => {
  const [native, future] = await Promise.all([scenarios("native"), scenarios("future")]);
  expect(future).toEqual(native);
  expect(future["never handled"]).toEqual(["unhandledRejection reason true"]);
  expect(future["handled after a macrotask"]).toEqual(["unhandledRejection reason true", "rejectionHandled"]);
  expect(future["handled after more jobs than fit into one macrotask"]).toEqual([]);
});

test("a program that listens to none of it is stopped, as it is by its own", { timeout: 90_000 }, async () => {
  const [native, future] = await Promise.all(
    ["native", "future"].map((kind) =>
      runProgram(fileURLToPath(new URL("unhandled/crash.ts", import.meta.url)), [kind], 60_000),
    ),
  );
  expect([future!.code, future!.stdout]).toEqual([native!.code, native!.stdout]);
  expect([future!.code, future!.stdout]).toEqual([1, ""]);
  for (const outcome of [native, future]) expect(outcome!.stderr).toContain("RangeError: nobody handles this");
});
