import { describe, expect, it } from "vitest";
import { caseNamed } from "./cases.ts";
import { chart } from "./chart.ts";
import { summarize, takesPart } from "./measure.ts";
import {
  bars,
  barTable,
  between,
  casesNotReached,
  costTable,
  document,
  isReached,
  meanAgainst,
  type Report,
  shortTable,
} from "./report.ts";
import { geometricMean, median, medianInterval, spread } from "./statistics.ts";

describe("statistics", () => {
  it("takes the middle, or the mean of the two in the middle", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(new RangeError("no values have no median"));
  });

  it("means ratios geometrically", () => {
    expect(geometricMean([2, 0.5])).toBeCloseTo(1);
    expect(() => geometricMean([])).toThrow(new RangeError("no values have no mean"));
  });

  it("tells where the median is, and how sure that is", () => {
    const numbers = (n: number) => Array.from({ length: n }, (_, index) => n - index);
    expect(medianInterval([7])).toEqual({ low: 7, high: 7, confidence: 0 });
    expect(medianInterval(numbers(3))).toEqual({ low: 1, high: 3, confidence: 0.75 });
    expect(medianInterval(numbers(6))).toEqual({ low: 1, high: 6, confidence: 1 - 2 / 64 });
    // As in tables of the sign test: 2 to 8 of 9, 6 to 15 of 20.
    expect(medianInterval(numbers(9))).toEqual({ low: 2, high: 8, confidence: 1 - 20 / 512 });
    expect(medianInterval(numbers(20))).toMatchObject({ low: 6, high: 15, confidence: expect.closeTo(0.9586, 4) });
    expect(medianInterval(numbers(9), 0.8)).toMatchObject({ low: 3, high: 7 });
    expect(() => medianInterval([])).toThrow(new RangeError("no values have no median"));
  });

  it("keeps the lowest and the highest", () => {
    expect(spread([5, 1, 3])).toEqual({ median: 3, low: 1, high: 5 });
  });
});

const rounds = (values: Record<string, number[][]>) =>
  new Map(Object.entries(values).map(([name, each]) => [name, each.map((one) => ({ size: 10, values: one }))]));

it("measures those far off only twice", () => {
  const measured = rounds({ tsyncio: [[10, 14], [12]], native: [[9], [40]], effect: [[55], [65]], floor: [[9]] });
  expect([...measured.keys()].filter((name) => takesPart(name, "native", measured))).toEqual([
    "tsyncio",
    "native",
    "floor",
  ]);
  expect(takesPart("effect", "native", rounds({ effect: [[900]], native: [[1]] }))).toBe(true);
  expect(takesPart("p-limit", "native", rounds({ "p-limit": [[900], [900]], other: [] }))).toBe(true);
  expect(takesPart("native", "native", rounds({ native: [[900], [900]], bluebird: [[1], [1]] }))).toBe(true);
});

const results = [
  ...summarize(
    caseNamed("switch"),
    rounds({ tsyncio: [[10, 12, 11], [30]], native: [[22], [10]], effect: [[220], [200]] }),
    "native",
  ),
  ...summarize(caseNamed("timeout"), rounds({ tsyncio: [[10]], native: [[40]] }), "native"),
  ...summarize(caseNamed("lock"), rounds({ tsyncio: [[10]], "p-limit": [[40]] }), "native"),
];
const report: Report = {
  node: "24.0.0",
  platform: "linux x64, 2 processors",
  versions: { effect: "4.0.0" },
  rounds: 2,
  results,
  loads: [{ contender: "tsyncio", importMs: 20, bytes: 13_000 }],
  failures: ["effection, cancel: too slow"],
};

describe("summarize", () => {
  it("takes the median of each process, and ratios within a round", () => {
    expect(results[0]).toEqual({
      contender: "tsyncio",
      case: "switch",
      size: 10,
      cost: { median: 20.5, low: 11, high: 30 },
      ratio: { median: 1.75, low: 0.5, high: 3 },
    });
  });

  it("has no ratio where native takes no part", () => {
    expect(results.find((result) => result.case === "lock")?.ratio).toBeNull();
  });
});

describe("the tables", () => {
  it("say what an operation costs, and how many times native that is", () => {
    expect(costTable(report)).toContain(
      "| `switch` a coroutine suspends and resumes | 20.5 (1.75 ×, 0.50–3.00) | 16.0 | 210 (15.0 ×, 10.0–20.0) |  |",
    );
  });

  it("compare with the bars", () => {
    expect(meanAgainst(report, "effect")).toBeCloseTo(20.5 / 210);
    expect(barTable(report)).toContain("| `switch` against native | ≤ 1.00 × | 1.75 × |  | **no** |");
    expect(barTable(report)).toContain("| `lock` against p-limit | ≤ 0.50 × | 0.25 × |  | yes |");
    expect(barTable(report)).toContain("| `parked` against native | ≤ 1.00 × | not measured |  |  |");
    expect(bars(report).filter((bar) => isReached(bar) === undefined).length).toBeGreaterThan(5);
  });

  it("show where the time goes in the cases that do not reach their bars", () => {
    expect(casesNotReached(report)).toEqual(["switch"]);
    expect(document([report])).not.toContain("Where the time goes");
    const profiles = {
      switch: [
        { name: "_turn loop", share: 0.204 },
        { name: "(garbage collector)", share: 0.1 },
      ],
    };
    expect(document([{ ...report, profiles }])).toContain(
      "| `switch` | 20 % `_turn loop`, 10 % `(garbage collector)` |",
    );
  });

  it("are put between the README's markers, and nowhere else", () => {
    const text = "a\n<!-- benchmarks: begin -->\nold\n<!-- benchmarks: end -->\nb";
    expect(between(text, "new")).toBe("a\n<!-- benchmarks: begin -->\nnew\n<!-- benchmarks: end -->\nb");
    expect(() => between("a", "new")).toThrow("The text has no <!-- benchmarks: begin --> … <!-- benchmarks: end -->.");
    expect(shortTable(report)).toContain("| a coroutine suspends and resumes | 20.5 | 16.0 (0.78 ×) | 210 (10.2 ×) |");
  });

  it("make a page, with what did not finish", () => {
    const page = document([report]);
    expect(page).toContain("## Node 24.0.0");
    expect(page).toContain("- effection, cancel: too slow");
  });
});

describe("the chart", () => {
  it("is an SVG with the cases and the contenders", async () => {
    const svg = await chart(report);
    expect(svg).toMatch(/^<svg /);
    for (const text of ["switch", "timeout", "tsyncio", "effect"]) expect(svg).toContain(`>${text}<`);
  });
});
