import { coroutine } from "@tsyncio/coroutine";
import { Lock } from "@tsyncio/sync";
import { createTask, sleep } from "@tsyncio/task";
import { test } from "vitest";
import { ScheduleFailure } from "../errors.ts";
import { type ExploreOptions, explore } from "./explore.ts";
import type { Program } from "./run-schedule.ts";
import type { World } from "./world.ts";

function failureOf(program: Program, options?: ExploreOptions): ScheduleFailure {
  try {
    explore(program, options);
  } catch (error) {
    if (error instanceof ScheduleFailure) return error;
    throw error;
  }
  throw new Error("no failure was found");
}

/** Two tasks add to a counter; between reading and writing each gives way. */
function* counter(world: World) {
  const account = world.shared({ balance: 0 }, "account");
  const deposit = coroutine(function* deposit(amount: number) {
    const { balance } = account;
    yield* sleep(0);
    account.balance = balance + amount;
  });
  const tasks = [createTask(deposit(1), { name: "a" }), createTask(deposit(1), { name: "b" })];
  for (const task of tasks) yield* task;
  if (account.balance !== 2) throw new Error(`the balance is ${account.balance}`);
}

test("finds a read-await-write race", () => {
  const failure = failureOf(counter, { freedoms: ["ready"] });
  console.log(failure.message);
});

test("guarded by a lock there is none, in any order", () => {
  function* guarded(world: World) {
    const account = world.shared({ balance: 0 }, "account");
    const lock = new Lock();
    const deposit = coroutine(function* deposit(amount: number) {
      yield* lock.hold(function* () {
        const { balance } = account;
        yield* sleep(0);
        account.balance = balance + amount;
      });
    });
    const tasks = [createTask(deposit(1)), createTask(deposit(1)), createTask(deposit(1))];
    for (const task of tasks) yield* task;
    if (account.balance !== 3) throw new Error(`the balance is ${account.balance}`);
  }
  console.log(explore(guarded, { freedoms: ["ready"] }));
  console.log(explore(guarded, { freedoms: ["ready"], sharedState: "declared" }));
});
