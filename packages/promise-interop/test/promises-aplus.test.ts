import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { onBun, runProgram } from "./child.ts";
import { promises } from "./tower.ts";

/**
 * Bun takes no notice of "use strict" in a function of a CommonJS file, so two of the suite's tests find a `this` that
 * does not depend on the promise.
 */
const impossible = (onBun ? ["fulfilled", "rejected"] : []).map((state) =>
  expect.stringContaining(`with no \`this\` value). strict mode ${state}:`),
);

describe("Promises/A+", () => {
  test.concurrent.each(Object.keys(promises))("%s passes all 872 tests", { timeout: 130_000 }, async (name) => {
    // What it writes to stderr are Node's warnings of rejections that the suite handles late.
    const { code, stdout } = await runProgram(
      fileURLToPath(new URL("promises-aplus/run.ts", import.meta.url)),
      [name],
      120_000,
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ passed: 872 - impossible.length, failed: impossible });
  });
});
