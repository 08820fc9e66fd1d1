import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Comparison, firstDifference, programs } from "./compare.ts";
import { type Program, sizeOf } from "./language/program.ts";
import { showDifference } from "./report.ts";
import { shrink } from "./shrink.ts";
import { faults } from "./subject/faults.ts";

let comparison: Comparison;
beforeAll(async () => {
  comparison = await Comparison.start();
}, 180_000);
afterAll(() => comparison.stop());

/** What CPython does with the programs the mistakes are looked for with, by profile. */
const known = new Map<string, { tried: readonly Program[]; traces: string[][] }>();

async function programsOf(profile: string): Promise<{ tried: readonly Program[]; traces: string[][] }> {
  let found = known.get(profile);
  if (found === undefined) {
    const tried = programs(1, 100, [profile]);
    const { traces } = await comparison.ask(tried);
    found = { tried, traces };
    known.set(profile, found);
  }
  return found;
}

describe("a deliberate mistake is found", () => {
  it.each(Object.entries(faults))("%s", async (name, { profile }) => {
    const { tried, traces } = await programsOf(profile);
    let differing = 0;
    for (let start = 0; start < tried.length && differing === 0; start += 25) {
      const actual = await comparison.try(tried.slice(start, start + 25), "named", name);
      differing = actual.filter((trace, index) => firstDifference(traces[start + index]!, trace) !== undefined).length;
    }
    expect(differing).toBeGreaterThan(0);
  });
});

describe("a program whose traces differ", () => {
  it("is made small, and shown in both languages with both traces", async () => {
    const { tried, traces } = await programsOf("gather");
    const fault = "gather gives results in reverse";
    const actual = await comparison.try(tried.slice(0, 25), "named", fault);
    const index = actual.findIndex((trace, place) => firstDifference(traces[place]!, trace) !== undefined);
    const program = tried[index]!;
    const difference = { program, style: "named", expected: traces[index]!, actual: actual[index]! } as const;
    const small = await shrink(comparison, difference, fault);
    expect(sizeOf(small.program)).toBeLessThan(sizeOf(program));
    expect(sizeOf(small.program)).toBeLessThanOrEqual(5);
    const shown = showDifference(small);
    expect(shown).toMatch(/asyncio\.gather\(.*│.* gather\(/);
    expect(shown).toMatch(/^≠ .*│/m);
    expect(shown).toContain(`--profile gather --seed ${program.seed} --count 1`);
  });
});
