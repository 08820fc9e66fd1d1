import { describe, expect, test } from "vitest";
import { runProgram } from "./child.ts";
import { promises } from "./tower.ts";

describe("Promises/A+", () => {
  test.concurrent.each(Object.keys(promises))("%s passes all 872 tests", { timeout: 130_000 }, async (name) => {
    const { code, stdout, stderr } = await runProgram("promises-aplus/run.ts", [name], 120_000);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toEqual({ passed: 872, failed: [] });
  });
});
