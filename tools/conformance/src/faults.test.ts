import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Comparison, type Difference, programs } from "./compare.ts";
import { type Program, sizeOf } from "./language/program.ts";
import { showDifference } from "./report.ts";
import { shrink } from "./shrink.ts";
import { type Fault, faults } from "./subject/faults.ts";
import { firstDifference } from "./trace.ts";

let comparison: Comparison;
beforeAll(async () => {
  comparison = await Comparison.start();
}, 180_000);
afterAll(() => comparison.stop());

const batchSize = 25;

/** What CPython does with the programs the mistakes are looked for with: batches by profile, asked for when needed. */
const known = new Map<string, { tried: readonly Program[]; traces: string[][] }>();

async function batch(profile: string, number: number): Promise<{ tried: readonly Program[]; traces: string[][] }> {
  const key = `${profile} ${number}`;
  let found = known.get(key);
  if (found === undefined) {
    const tried = programs(1 + number * batchSize, batchSize, [profile]);
    const { traces } = await comparison.ask(tried);
    found = { tried, traces };
    known.set(key, found);
  }
  return found;
}

/** The first program that shows a mistake, of those the suite compares. */
async function find(name: string, { profile }: Fault): Promise<Difference | undefined> {
  for (let number = 0; number < 10; number++) {
    const { tried, traces } = await batch(profile, number);
    const actual = await comparison.try(tried, "named", name);
    for (const [index, program] of tried.entries()) {
      const difference = { program, style: "named", expected: traces[index]!, actual: actual[index]! } as const;
      if (firstDifference(difference.expected, difference.actual, "named") !== undefined) return difference;
    }
  }
  return undefined;
}

describe("a deliberate mistake is found", () => {
  it.each(Object.entries(faults))("%s", async (name, fault) => {
    expect(await find(name, fault)).toBeDefined();
  });
});

describe("a program whose traces differ", () => {
  it("is made small, and shown in both languages with both traces", async () => {
    const name = "gather gives results in reverse";
    const difference = (await find(name, faults[name]!))!;
    const small = await shrink(comparison, difference, name);
    expect(sizeOf(small.program)).toBeLessThan(sizeOf(difference.program));
    expect(sizeOf(small.program)).toBeLessThanOrEqual(5);
    const shown = showDifference(small);
    expect(shown).toMatch(/asyncio\.gather\(.*│.* gather\(/);
    expect(shown).toMatch(/^≠ .*│/m);
    expect(shown).toContain(`--profile gather --seed ${small.program.seed} --count 1`);
  });
});
