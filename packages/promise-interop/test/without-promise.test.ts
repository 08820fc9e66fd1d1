import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runProgram } from "./child.ts";

test("no native promise is used below a FuturePromise: it works without one", { timeout: 90_000 }, async () => {
  const { code, stdout, stderr } = await runProgram(
    fileURLToPath(new URL("without-promise/program.ts", import.meta.url)),
    [],
    60_000,
  );
  expect([code, stderr]).toEqual([0, ""]);
  const { log, uses, missing } = JSON.parse(stdout);
  expect(missing).toBe("undefined");
  expect(uses).toEqual([]);
  expect(log.length).toBe(6);
  expect(log.filter((each: unknown[]) => each.length === 5)).toEqual([1, 2, 3].map(() => [1, 2, 4, 5, 6]));
  expect(log.filter((each: unknown[]) => each.length === 1)).toEqual([[7], [7], [7]]);
});
