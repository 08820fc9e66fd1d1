import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runProgram } from "./child.ts";
import { promises } from "./tower.ts";

describe("Promises/A+", () => {
  test.concurrent.each(Object.keys(promises))("%s passes all 872 tests", { timeout: 130_000 }, async (name) => {
    // What it writes to stderr are Node's warnings of rejections that the suite handles late.
    const { code, stdout } = await runProgram(
      fileURLToPath(new URL("promises-aplus/run.ts", import.meta.url)),
      [name],
      120_000,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ passed: 872, failed: [] });
  });
});
