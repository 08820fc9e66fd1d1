import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { promises } from "./tower.ts";

const runner = fileURLToPath(new URL("promises-aplus/run.ts", import.meta.url));

/** Runs the suite in a process of its own, which is killed when it takes too long. */
function promisesAPlus(name: string): Promise<{ passed: number; failed: string[] }> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ["--conditions=@tsyncio/source", "--import", "tsx", runner, name],
      { timeout: 120_000, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout));
        else reject(new Error(`the suite did not finish: ${error.message}\n${stderr}`));
      },
    );
  });
}

describe("Promises/A+", () => {
  test.concurrent.each(Object.keys(promises))("%s passes all 872 tests", { timeout: 130_000 }, async (name) => {
    expect(await promisesAPlus(name)).toEqual({ passed: 872, failed: [] });
  });
});
