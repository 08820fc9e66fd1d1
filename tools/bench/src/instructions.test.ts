import { afterEach, describe, expect, it, vi } from "vitest";
import { caseNamed } from "./cases.ts";
import { countLine, countsIn, planOf, requireValgrind, settle, summarizeCounts, uncountable } from "./instructions.ts";

describe("what callgrind wrote", () => {
  it("is read in the order in which it was written; the whole, at the end, is left out", () => {
    const part = (count: number) => `version: 1\nevents: Ir\nsummary: ${count}\n\nfn=(1) main\n1 2\ntotals: 7\n`;
    const files = new Map([
      ["counts.10", part(30)],
      ["counts.9", part(20)],
      ["counts", part(60)],
      ["counts.1", part(10)],
      ["counts.2", "no such line"],
    ]);
    expect(countsIn(files)).toEqual([10, 20, 30]);
  });
});

describe("a count", () => {
  it("is the mean of the second half of the runs, for one operation", () => {
    expect(settle([900, 500, 100, 100, 110, 90, 100, 100], 10)).toEqual({ instructions: 10, drift: 0 });
    expect(() => settle([], 10)).toThrow(new RangeError("no values have no median"));
  });

  it("has settled when the last quarter is as the one before", () => {
    expect(settle([9, 9, 9, 9, 100, 100, 110, 110], 1).drift).toBeCloseTo(0.1);
    expect(settle([9, 9, 9, 9, 100, 100, 90, 90], 1).drift).toBeCloseTo(0.1);
  });

  it("is made in each round under other conditions, of runs as long", () => {
    const plans = [0, 1, 2].map((round) => planOf(caseNamed("switch"), round, 20));
    expect(plans.map(({ size }) => size)).toEqual([50_000, 50_000, 50_000]);
    expect(new Set(plans.map(({ warmUp }) => warmUp)).size).toBe(3);
    expect(planOf(caseNamed("fan-out"), 0, 20).size).toBe(20_000);
  });

  it("is not made of memory, nor of what waits for a clock", () => {
    expect(uncountable(caseNamed("switch"))).toBeNull();
    expect(uncountable(caseNamed("timers-virtual"))).toBeNull();
    expect(uncountable(caseNamed("parked"))).toBe('"parked" measures memory: it has no instructions to count.');
    expect(uncountable(caseNamed("timers-real-1m"))).toBe(
      '"timers-real-1m" waits for a clock, which stands still where instructions count.',
    );
  });
});

describe("where there is no valgrind", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("is said, with what to do", () => {
    vi.stubEnv("PATH", "/nowhere");
    expect(requireValgrind).toThrow(
      new Error("--instructions counts with valgrind, and there is none here: install it (apt install valgrind)."),
    );
  });
});

describe("two states", () => {
  const counts = (...values: number[]) => values.map((instructions) => ({ instructions, drift: 0.001 }));

  it("are compared by their medians, and each round by itself", () => {
    const counted = summarizeCounts("switch", counts(1010, 1020, 1030), counts(1000, 1000, 1010));
    expect(counted).toMatchObject({
      case: "switch",
      rounds: 3,
      now: { median: 1020, low: 1010, high: 1030 },
      before: { median: 1000, low: 1000, high: 1010 },
      drift: 0.001,
    });
    expect(counted.more.median).toBeCloseTo(0.02);
    expect(counted.more.low).toBeCloseTo(0.01);
    expect(counted.more.high).toBeCloseTo(0.02);
    expect(counted.uncertainty).toBeCloseTo(20 / 1020);
    expect(countLine(counted)).toBe(
      "switch                1,020 against    1,000    +2.00 %   (3 rounds: +1.00 % to +2.00 %; the same sources differ by 1.96 %)",
    );
  });

  it("say when a count has not settled, and nothing of a spread that one round cannot have", () => {
    const counted = summarizeCounts("lock", [{ instructions: 995, drift: 0.03 }], counts(1000));
    expect(countLine(counted)).toBe(
      "lock                    995 against    1,000    -0.50 %   (one round; not settled: still changing by 3.00 %)",
    );
  });
});
