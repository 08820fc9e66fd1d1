import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Recording, replay } from "./replay.ts";

const recordings = JSON.parse(
  readFileSync(new URL("../recorded/programs.json", import.meta.url), "utf8"),
) as Recording[];

it("recorded programs give the traces CPython gave", () => {
  const { passed, failures } = replay(recordings);
  expect(failures).toEqual([]);
  expect(passed).toBe(recordings.length * 2);
});

it("a trace that is not CPython's is told", () => {
  const [{ program, trace }] = recordings as [Recording];
  const { failures } = replay([{ program, trace: ["something else", ...trace.slice(1)] }]);
  expect(failures[0]).toContain(`line 1: expected "something else", got "${trace[0]}"`);
});
