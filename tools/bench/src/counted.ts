/**
 * One process whose instructions are counted: one case of ours, run again and again. What lies between two calls of
 * `loadavg()`, which nothing else calls, is a run; see instructions.ts.
 */
import { loadavg } from "node:os";
import { caseNamed } from "./cases.ts";
import { loadContests } from "./contenders.ts";
import { check } from "./contest.ts";
import type { CountPlan } from "./instructions.ts";

// The clock stands still: what a loop does must not depend on how long it takes.
performance.now = () => 0;

const [caseName, plan] = process.argv.slice(2) as [string, string];
const { warmUp, size, runs } = JSON.parse(plan) as CountPlan;
const task = caseNamed(caseName);
const contest = (await loadContests("tsyncio"))[task.name]!;
await check(task, contest, warmUp);
for (let run = 0; run < runs; run++) {
  loadavg();
  await check(task, contest, size);
}
loadavg();
process.exit(0);
