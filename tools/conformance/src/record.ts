/**
 * Writes down what CPython does, so that it can be compared with where CPython is not: programs with their traces (see
 * replay.ts), and what call graphs show (see call-graph/).
 *
 *     pnpm --filter @tsyncio/conformance record
 */
import { writeFileSync } from "node:fs";
import { lookOnPython } from "./call-graph/recording.ts";
import { Comparison, programs } from "./compare.ts";
import { profiles, runnerProfiles } from "./language/profiles.ts";
import { sizeOf } from "./language/program.ts";
import type { Recording } from "./replay.ts";

const folder = new URL("../recorded/", import.meta.url);
const perProfile = 6;

const comparison = await Comparison.start();
try {
  const recordings: Recording[] = [];
  // What a Runner runs cannot be replayed in one go: it gives promises.
  for (const profile of Object.keys(profiles).filter((name) => !(name in runnerProfiles))) {
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
  writeFileSync(
    new URL("programs.json", folder),
    `[\n${recordings.map((recording) => JSON.stringify(recording)).join(",\n")}\n]\n`,
  );
  console.log(`${recordings.length} programs recorded`);
} finally {
  await comparison.stop();
}

writeFileSync(new URL("call-graphs.json", folder), `${JSON.stringify(await lookOnPython(), null, 1)}\n`);
