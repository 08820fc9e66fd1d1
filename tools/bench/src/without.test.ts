import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileState, reducedStates, root, type StatePrograms } from "./build.ts";
import { cases } from "./cases.ts";
import { commandOf, measureOnce, quick } from "./measure.ts";
import { featureNames, remove, without } from "./without.ts";

describe("the sources without a feature", () => {
  it("are today's: every text that is to go is there, and no other hook is left", async () => {
    let copy = "";
    await without("hooks", root, async (tree) => {
      copy = tree;
      const sleep = (of: string) => readFileSync(join(of, "packages/task/src/sleep.ts"), "utf8");
      expect(sleep(tree)).toBe(sleep(root).replaceAll("    this._made();\n", ""));
      expect(sleep(tree)).not.toBe(sleep(root));
    });
    expect(existsSync(copy)).toBe(false);
  });

  it("are refused when a text is there no more, or another hook has come", () =>
    without("hooks", root, async (tree) => {
      // It has none any more.
      expect(() => remove("hooks", tree)).toThrow(
        new Error(
          "packages/coroutine/src/coroutine.ts has 0 times, not 1: this._made();\nBring without.ts up to date.",
        ),
      );
      const fresh = mkdtempSync(join(tree, "fresh-"));
      cpSync(join(root, "tsconfig.json"), join(fresh, "tsconfig.json"));
      for (const name of ["context", "coroutine", "loop", "task", "sync"]) {
        mkdirSync(join(fresh, "packages", name), { recursive: true });
        cpSync(join(root, "packages", name, "src"), join(fresh, "packages", name, "src"), { recursive: true });
      }
      appendFileSync(join(fresh, "packages/sync/src/event.ts"), "if (loop._instruments !== null) tell();\n");
      writeFileSync(join(fresh, "packages/sync/src/new.ts"), "this._made();\n");
      expect(() => remove("hooks", fresh)).toThrow(
        new Error(
          "without.ts does not know of these hooks:\n" +
            "packages/sync/src/event.ts: if (loop._instruments !== null) tell();\n" +
            "packages/sync/src/new.ts: this._made();",
        ),
      );
    }));

  for (const feature of featureNames.filter((feature) => feature !== "hooks")) {
    it(`have ${feature} to take out where it is looked for`, async () => {
      await without(feature, root, async (tree) => expect(() => remove(feature, tree)).toThrow("Bring without.ts"));
    });
  }

  describe.each(reducedStates)("compute, with %s,", (name) => {
    let state: StatePrograms;
    beforeAll(async () => {
      state = await compileState(name);
    });
    afterAll(() => state.remove());

    // What runs on the platform's clock would take its time, and the largest their memory.
    for (const task of cases.filter(({ name, kind }) => kind === "time" && !/real|1m$|1e[56]/.test(name))) {
      it(`what "${task.name}" asks`, async () => {
        const size = 200 / task.size;
        const effort = { ...quick, warmUpMs: 0, budgetMs: 0, samples: 1, scale: size };
        const measured = await measureOnce(
          task,
          { command: commandOf("tsyncio", process.execPath, state.programs) },
          effort,
        );
        expect(measured.values.length).toBe(1);
      });
    }
  });
});
