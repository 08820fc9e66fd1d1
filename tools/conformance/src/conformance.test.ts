import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Comparison, programs } from "./compare.ts";
import { coreProfiles, profiles } from "./language/profiles.ts";
import type { Program } from "./language/program.ts";
import { showDifference } from "./report.ts";
import { dailySeed } from "./seeds.ts";
import { shrink } from "./shrink.ts";

/** How long a batch may take on a slow, busy machine; it takes a tenth. */
const limitMs = 240_000;

let comparison: Comparison;
beforeAll(async () => {
  comparison = await Comparison.start();
}, 180_000);
afterAll(() => comparison.stop());

async function expectNoDifference(all: readonly Program[]): Promise<void> {
  for (let start = 0; start < all.length; start += 250) {
    const [difference] = await comparison.differences(all.slice(start, start + 250));
    if (difference !== undefined) throw new Error(showDifference(await shrink(comparison, difference)));
  }
}

describe("tsyncio does what CPython does", () => {
  const all = Object.keys(profiles);
  const core = Object.keys(coreProfiles);

  it(
    "on 1,000 programs of the core layers",
    async () => {
      await expectNoDifference(programs(1, 1000, core));
    },
    limitMs,
  );

  it.each([10_001, 11_001, 12_001, 13_001])(
    "on 1,000 programs over everything, from seed %i",
    async (seed) => {
      await expectNoDifference(programs(seed, 1000, all));
    },
    limitMs,
  );

  const today = dailySeed();
  it(
    `on 1,000 programs of today's seed, ${today}`,
    async () => {
      await expectNoDifference(programs(today, 1000, all));
    },
    limitMs,
  );
});

describe("a difference there was once is none any more", () => {
  const folder = new URL("../regressions/", import.meta.url);
  it.each(readdirSync(folder))("%s", async (file) => {
    const { program } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as { program: Program };
    await expectNoDifference([program]);
  });
});

describe("the programs", () => {
  it("are the same for the same seed", () => {
    expect(programs(7, 40, Object.keys(profiles))).toEqual(programs(7, 40, Object.keys(profiles)));
  });
});
