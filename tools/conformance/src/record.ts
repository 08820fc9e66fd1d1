/**
 * Writes programs with the traces CPython gives, so that they can be replayed where CPython is not: see replay.ts.
 *
 *     pnpm --filter @tsyncio/conformance record
 */
import { writeFileSync } from "node:fs";
import { Comparison, programs } from "./compare.ts";
import { profiles } from "./language/profiles.ts";
import { sizeOf } from "./language/program.ts";
import type { Recording } from "./replay.ts";

const perProfile = 6;

const comparison = await Comparison.start();
try {
  const recordings: Recording[] = [];
  for (const profile of Object.keys(profiles)) {
    // Programs in which much happens, and which are not long.
    const candidates = programs(50_001, 40, [profile]).filter((program) => sizeOf(program) <= 45);
    const { traces } = await comparison.ask(candidates);
    recordings.push(
      ...candidates
        .map((program, index) => ({ program, trace: traces[index] as string[] }))
        .filter(({ trace }) => trace.length >= 15 && trace.length <= 120)
        .slice(0, perProfile),
    );
  }
  const file = new URL("../recorded/programs.json", import.meta.url);
  writeFileSync(file, `[\n${recordings.map((recording) => JSON.stringify(recording)).join(",\n")}\n]\n`);
  console.log(`${recordings.length} programs recorded`);
} finally {
  await comparison.stop();
}
