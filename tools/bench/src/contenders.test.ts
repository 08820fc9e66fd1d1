import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { cases } from "./cases.ts";
import { contenders, loadContests } from "./contenders.ts";
import { check } from "./contest.ts";

for (const name of contenders) {
  describe(name, async () => {
    const contests = await loadContests(name);
    for (const task of cases) {
      const contest = contests[task.name];
      if (contest === undefined) continue;
      it(`computes what "${task.name}" asks`, () => check(task, contest, 200));
    }
  });
}

describe("the case names", () => {
  it("are those of CPython's side too, where there is a python3", () => {
    const script = fileURLToPath(new URL("./contenders/cpython.py", import.meta.url));
    const { error, stdout, stderr } = spawnSync("python3", [script, "check", "200"], {
      encoding: "utf8",
      timeout: 50_000,
    });
    if (error !== undefined) return expect((error as NodeJS.ErrnoException).code).toBe("ENOENT");
    expect(stderr).toBe("");
    const names = cases.map((task) => task.name as string);
    expect((JSON.parse(stdout) as { checked: string[] }).checked.filter((name) => !names.includes(name))).toEqual([]);
  });
});
