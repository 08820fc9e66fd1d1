import { coroutine } from "@tsyncio/coroutine";
import { Lock } from "@tsyncio/sync";
import { createTask, gather, sleep } from "@tsyncio/task";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ScheduleFailure } from "./errors.ts";
import type { Program } from "./explore/run-schedule.ts";
import { runUnder, Schedule, schedules } from "./fast-check.ts";

/** Workers write to a log in pieces; with a lock each writes its line at once. */
function logging(lines: readonly string[], guarded: boolean): Program {
  return function* logging() {
    const lock = new Lock();
    const log: string[] = [];
    const write = coroutine(function* write(line: string) {
      log.push(`${line}(`);
      if (line.length > 1) yield* sleep(0);
      log.push(")");
    });
    const writer = coroutine(function* writer(line: string) {
      if (guarded) yield* lock.hold(() => write(line));
      else yield* write(line);
    });
    yield* gather(lines.map((line) => createTask(writer(line))));
    const written = log.join("");
    for (const line of lines) expect(written).toContain(`${line}()`);
  };
}

const settings = { seed: 42, numRuns: 50 };
const lines = fc.array(fc.constantFrom("a", "bb"), { minLength: 1, maxLength: 4 });

test("a property holds in whatever order the program runs", () => {
  fc.assert(
    fc.property(schedules(), lines, (schedule, lines) =>
      runUnder(schedule, logging(lines, true), { freedoms: ["ready"] }),
    ),
    settings,
  );
});

test("a property that does not is shrunk, the schedule to asyncio's own order", () => {
  const details = fc.check(
    fc.property(schedules(), lines, (schedule, lines) =>
      runUnder(schedule, logging(lines, false), { freedoms: ["ready"] }),
    ),
    settings,
  );
  expect(details.failed).toBe(true);
  const [schedule, shrunk] = details.counterexample!;
  expect(shrunk.length).toBe(2);
  expect(shrunk).toContain("bb");
  expect(String(schedule)).toBe("asyncio's own order");
  expect(details.errorInstance).toBeInstanceOf(ScheduleFailure);
});

test("a schedule prints itself", () => {
  expect(fc.stringify(new Schedule([0, 2, 1]))).toBe("Schedule(choices 0 2 1)");
  expect(String(new Schedule([]))).toBe("asyncio's own order");
});

test("the choices are within the limits", () => {
  for (const { choices } of fc.sample(schedules({ maxLength: 3, maxOptions: 2 }), { numRuns: 50, seed: 1 })) {
    expect(choices.length).toBeLessThanOrEqual(3);
    for (const choice of choices) expect(choice).toBeLessThan(2);
  }
});
