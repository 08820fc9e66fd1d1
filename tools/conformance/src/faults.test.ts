import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Comparison, programs } from "./compare.ts";
import { sizeOf } from "./language/program.ts";
import { showDifference } from "./report.ts";
import { shrink } from "./shrink.ts";
import { faults } from "./subject/faults.ts";

let comparison: Comparison;
beforeAll(async () => {
  comparison = await Comparison.start();
}, 180_000);
afterAll(() => comparison.stop());

describe("a deliberate mistake is found", () => {
  it.each(Object.entries(faults))("%s", async (name, { profile }) => {
    const tried = programs(1, 150, [profile]);
    comparison.fault = name;
    const found = await comparison.differences(tried);
    comparison.fault = undefined;
    expect(found.length).toBeGreaterThan(0);
  });
});

describe("a program whose traces differ", () => {
  it("is made small, and shown in both languages with both traces", async () => {
    comparison.fault = "gather gives results in reverse";
    const [found] = await comparison.differences(programs(1, 150, ["gather"]));
    const small = await shrink(comparison, found!);
    comparison.fault = undefined;
    expect(sizeOf(small.program)).toBeLessThan(sizeOf(found!.program));
    expect(sizeOf(small.program)).toBeLessThanOrEqual(5);
    const shown = showDifference(small);
    expect(shown).toMatch(/asyncio\.gather\(.*│.* gather\(/);
    expect(shown).toMatch(/^≠ .*│/m);
    expect(shown).toContain(`--profile gather --seed ${small.program.seed} --count 1`);
  });
});
