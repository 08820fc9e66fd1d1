import { expect, it } from "vitest";
import { type CpuProfile, shares, shareTable } from "./profile.ts";

const frame = (functionName: string, url: string, lineNumber: number) => ({ functionName, url, lineNumber });

const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame("(root)", "", -1) },
    { id: 2, callFrame: frame("loading", "file:///bench/child.mjs", 3) },
    { id: 3, callFrame: frame("_turn", "file:///bench/tsyncio-YHYQV3UF.mjs", 41) },
    { id: 4, callFrame: frame("_turn", "file:///bench/tsyncio-YHYQV3UF.mjs", 41) },
    { id: 5, callFrame: frame("", "node:internal/timers", 9) },
    { id: 6, callFrame: frame("(garbage collector)", "", -1) },
    { id: 7, callFrame: frame("(idle)", "", -1) },
    { id: 8, callFrame: frame("next", "", 0) },
    { id: 9, callFrame: frame("resume", "file:///tsyncio/packages/coroutine/dist/index.js", 80) },
  ],
  samples: [2, 2, 3, 4, 7, 6, 5, 8, 9],
  timeDeltas: [100, 100, 50, 30, 40, 60, 20, 0, 10],
};

it("sums up each function's own time after the warm-up, the largest share first, and leaves out waiting", () => {
  expect(shares(profile)).toEqual([
    { name: "_turn tsyncio:42", share: 80 / 170 },
    { name: "(garbage collector)", share: 60 / 170 },
    { name: "anonymous node:internal/timers:10", share: 20 / 170 },
    { name: "resume coroutine", share: 10 / 170 },
    { name: "next", share: 0 },
  ]);
  expect(shares(profile, 0)[0]).toEqual({ name: "loading child.mjs:4", share: 200 / 370 });
});

it("shows the largest shares aligned, and the sum of the others", () => {
  expect(shareTable(shares(profile), 2)).toBe(
    [" 47.1 %  _turn tsyncio:42", " 35.3 %  (garbage collector)", " 17.6 %  others"].join("\n"),
  );
});
