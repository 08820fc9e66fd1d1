import { coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { getRunningLoop } from "@tsyncio/loop";
import { Queue } from "@tsyncio/queue";
import { Event, Lock, Semaphore } from "@tsyncio/sync";
import { createTask, sleep, type Task } from "@tsyncio/task";
import { expect, test } from "vitest";
import { explore } from "./explore.ts";
import { randomNumbers } from "./random.ts";
import type { Freedom } from "./scheduled-loop.ts";
import type { World } from "./world.ts";

/** One thing a task of a generated program does. */
type Operation = { readonly kind: string; readonly which: number };

const kinds = [
  "read",
  "write",
  "add",
  "lock",
  "permit",
  "put",
  "get",
  "set",
  "wait",
  "settle",
  "await",
  "sleep",
  "nap",
  "cancel",
  "turn",
  "outside",
];

function operations(random: () => number, count: number): Operation[] {
  return Array.from({ length: count }, () => ({
    kind: kinds[Math.floor(random() * kinds.length)]!,
    which: Math.floor(random() * 2),
  }));
}

/** A program of a few tasks that do such things; `outcome` is told all that its tasks saw. */
function program(tasks: readonly (readonly Operation[])[], outcome: (seen: string) => void) {
  return function* main(world: World) {
    const variables = world.shared([0, 0], "variables");
    const locks = [new Lock(), new Lock()];
    const semaphores = [new Semaphore(1), new Semaphore(2)];
    const queues = [new Queue<number>(1), new Queue<number>()];
    const events = [new Event(), new Event()];
    const futures = [new Future<number>(), new Future<number>()];
    const seen = tasks.map(() => [] as string[]);
    const made: Task<void>[] = [];
    const worker = coroutine(function* worker(me: number, todo: readonly Operation[]) {
      for (const { kind, which } of todo) {
        switch (kind) {
          case "read":
            seen[me]!.push(`${variables[which]}`);
            break;
          case "write":
            variables[which] = me + 1;
            break;
          case "add": {
            const value = variables[which]!;
            yield* sleep(0);
            variables[which] = value + 10;
            break;
          }
          case "lock":
            yield* locks[which]!.hold(function* () {
              const value = variables[which]!;
              yield* sleep(0);
              variables[which] = value + 100;
            });
            break;
          case "permit":
            yield* semaphores[which]!.hold(function* () {
              yield* sleep(0);
              seen[me]!.push(`permit ${variables[0]}`);
            });
            break;
          case "put":
            if (!queues[which]!.full()) queues[which]!.putNowait(me);
            break;
          case "get":
            if (!queues[which]!.empty()) seen[me]!.push(`got ${queues[which]!.getNowait()}`);
            break;
          case "set":
            events[which]!.set();
            break;
          case "wait":
            yield* events[which]!.wait();
            break;
          case "settle":
            if (!futures[which]!.done()) futures[which]!.setResult(me);
            break;
          case "await":
            seen[me]!.push(`awaited ${yield* futures[which]!}`);
            break;
          case "nap":
            yield* sleep(5);
            break;
          case "cancel":
            made[which]?.cancel();
            break;
          case "turn": {
            const turn = new Future<void>();
            getRunningLoop().callSoon(() => {
              if (!turn.done()) turn.setResult();
            });
            yield* turn;
            break;
          }
          case "outside": {
            const arrival = new Future<void>();
            world.arrival(() => {
              if (!arrival.done()) arrival.setResult();
            });
            yield* arrival;
            break;
          }
          default:
            yield* sleep(0);
        }
      }
    });
    // What is not settled by then is settled now, so that every program ends.
    for (const [me, todo] of tasks.entries()) made.push(createTask(worker(me, todo), { name: `task ${me}` }));
    yield* sleep(100);
    for (const event of events) event.set();
    for (const future of futures) if (!future.done()) future.setResult(-1);
    for (const task of made) {
      try {
        yield* task;
      } catch (error) {
        seen[0]!.push((error as Error).name);
      }
    }
    outcome(JSON.stringify([variables, seen, queues.map((queue) => queue.qsize())]));
  };
}

function outcomes(tasks: Operation[][], freedoms: Freedom[], sharedState: "declared" | "undeclared") {
  const seen = new Set<string>();
  const report = explore(
    program(tasks, (outcome) => seen.add(outcome)),
    { freedoms, sharedState, maxSchedules: 600, randomSchedules: 0 },
  );
  return { seen, report };
}

for (const freedoms of [["ready"], ["timers"], ["arrivals", "timers"], ["arrivals", "ready"]] as Freedom[][]) {
  test(`with reduction, ${freedoms} reaches every outcome that it reaches without`, () => {
    let compared = 0;
    let schedules = 0;
    let reduced = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const random = randomNumbers(seed);
      const tasks = Array.from({ length: 2 + (seed % 2) }, () => [
        ...(freedoms.includes("timers") ? [{ kind: "nap", which: 0 }] : []),
        ...operations(random, 1 + Math.floor(random() * 4)),
      ]);
      const all = outcomes(tasks, freedoms, "undeclared");
      const some = outcomes(tasks, freedoms, "declared");
      if (!all.report.exhaustive || !some.report.exhaustive) continue;
      compared++;
      schedules += all.report.schedules;
      reduced += some.report.schedules + some.report.pruned;
      expect([...some.seen].sort(), `seed ${seed}: ${JSON.stringify(tasks)}`).toEqual([...all.seen].sort());
    }
    expect(compared).toBeGreaterThan(8);
    expect(reduced).toBeLessThan(schedules);
  });
}
