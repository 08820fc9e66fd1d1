/**
 * Runs generated programs on CPython and on tsyncio and compares their traces.
 *
 *     pnpm --filter @tsyncio/conformance conform --seed 1 --count 500 --profile mixed --show
 *
 * --seed N      the first seed (default: today's)
 * --count N     how many programs (default 500)
 * --profile P   one profile, or several with commas (default: all)
 * --show        print the programs and their traces
 * --limit N     stop after so many differences (default 3)
 * --coverage    instead count what the programs reach
 * --no-shrink   print a differing program as it is
 */
import { parseArgs } from "node:util";
import { Comparison, type Difference, programs } from "./compare.ts";
import { coverage, showCoverage } from "./coverage.ts";
import { profiles } from "./language/profiles.ts";
import { showDifference, showProgram, sideBySide } from "./report.ts";
import { dailySeed } from "./seeds.ts";
import { shrink } from "./shrink.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    seed: { type: "string" },
    count: { type: "string", default: "500" },
    profile: { type: "string" },
    show: { type: "boolean", default: false },
    limit: { type: "string", default: "3" },
    coverage: { type: "boolean", default: false },
    "no-shrink": { type: "boolean", default: false },
  },
});
const seed = values.seed === undefined ? dailySeed() : Number(values.seed);
const names = values.profile?.split(",") ?? Object.keys(profiles);
const limit = Number(values.limit);

const comparison = await Comparison.start();
try {
  await (values.coverage ? count() : compare());
} finally {
  await comparison.stop();
}

async function count(): Promise<void> {
  console.log(showCoverage(await coverage(comparison, programs(seed, Number(values.count), names))));
}

async function compare(): Promise<void> {
  const started = performance.now();
  const differing: Difference[] = [];
  const all = programs(seed, Number(values.count), names);
  let ran = 0;
  for (let start = 0; start < all.length && differing.length < limit; start += 200) {
    const batch = all.slice(start, start + 200);
    ran += batch.length;
    if (values.show) {
      const [{ traces }, raw] = [await comparison.ask(batch), await comparison.try(batch, "named")];
      batch.forEach((program, index) => {
        console.log(`profile ${program.profile}, seed ${program.seed}`);
        console.log(showProgram(program));
        console.log(sideBySide(traces[index] as string[], raw[index] as string[]).join("\n"));
      });
    }
    differing.push(...(await comparison.differences(batch)));
  }
  for (const difference of differing.slice(0, limit)) {
    console.log(showDifference(values["no-shrink"] ? difference : await shrink(comparison, difference)));
    console.log();
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${ran} programs from seed ${seed}, ${names.length} profiles, ${seconds} s: ${differing.length} differ`);
  if (differing.length > 0) process.exitCode = 1;
}
