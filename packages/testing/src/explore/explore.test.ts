import { coroutine } from "@tsyncio/coroutine";
import { Future } from "@tsyncio/future";
import { getRunningLoop } from "@tsyncio/loop";
import { asCompleted, createTask, sleep } from "@tsyncio/task";
import { expect, test } from "vitest";
import { NondeterministicProgramError, ReplayError, ScheduleFailure } from "../errors.ts";
import { runVirtual } from "../run-virtual.ts";
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

/** Tasks that write their names down, some turns apart. */
function writers(names: readonly string[], steps: number, told: (order: string) => void): Program {
  return function* writers() {
    let order = "";
    const write = coroutine(function* write(name: string) {
      for (let step = 0; step < steps; step++) {
        const turn = new Future<void>();
        turn.setResult();
        order += name;
        const next = new Future<void>();
        getRunningLoop().callSoon(() => next.setResult());
        yield* next;
      }
    });
    const tasks = names.map((name) => createTask(write(name), { name }));
    for (const task of tasks) yield* task;
    told(order);
  };
}

/** A deposit that reads, gives way and writes; the second comes only in another order. */
function* race(world: World) {
  const account = world.shared({ balance: 0 }, "account");
  const deposit = coroutine(function* deposit(naps: number) {
    for (let nap = 0; nap < naps; nap++) yield* sleep(10);
    const { balance } = account;
    yield* sleep(10);
    account.balance = balance + 1;
  });
  const tasks = [createTask(deposit(0), { name: "a" }), createTask(deposit(1), { name: "b" })];
  for (const task of tasks) yield* task;
  if (account.balance !== 2) throw new Error(`the balance is ${account.balance}`);
}

test("asyncio's own order comes first, and every other order after it", () => {
  const orders: string[] = [];
  const program = writers(["a", "b"], 2, (order) => orders.push(order));
  runVirtual(function* () {
    yield* program(undefined as never) as Generator<never, void, unknown>;
  });
  const [own] = orders.splice(0);
  const report = explore(program, { freedoms: ["ready"] });
  expect(report.exhaustive).toBe(true);
  expect(orders[0]).toBe(own);
  expect([...new Set(orders)].sort()).toEqual(["aabb", "abab", "abba", "baab", "baba", "bbaa"]);
});

test("without freedoms there is one schedule", () => {
  expect(explore(race, { freedoms: [] })).toEqual({
    schedules: 1,
    randomSchedules: 0,
    exhaustive: true,
    pruned: 0,
    schedulesUnreduced: 1,
    reductionFactor: 1,
    longestRun: 13,
  });
});

test("equal deadlines come in any order, different ones do not", () => {
  const orders = new Set<string>();
  const program = function* () {
    let order = "";
    const loop = getRunningLoop();
    for (const name of ["a", "b", "c"]) loop.callLater(10, () => (order += name));
    loop.callLater(11, () => (order += "."));
    yield* sleep(20);
    orders.add(order);
  };
  expect(explore(program).schedules).toBe(6);
  expect(orders.size).toBe(6);
  for (const order of orders) expect(order.at(-1)).toBe(".");
});

test("what is outside comes at any moment, in any order, but never before it is announced", () => {
  const orders = new Set<string>();
  const program = function* (world: World) {
    let order = "";
    const all = new Future<void>();
    for (const name of ["a", "b"]) {
      world.arrival(() => {
        order += name;
        if (order.includes("a") && order.includes("b")) all.setResult();
      });
    }
    yield* sleep(10);
    order += ".";
    yield* all;
    orders.add(order);
  };
  expect(explore(program).exhaustive).toBe(true);
  expect([...orders].sort()).toEqual([".ab", ".ba", "a.b", "ab.", "b.a", "ba."]);
  orders.clear();
  explore(program, { freedoms: ["timers"] });
  expect([...orders]).toEqual(["ab."]);
  orders.clear();
  explore(program, { freedoms: ["arrivals", "ready"], sharedState: "declared" });
  expect([...orders].sort()).toEqual([".ab", ".ba", "a.b", "ab.", "b.a", "ba."]);
});

test("a failure tells its schedule, its token and its timeline", () => {
  const failure = failureOf(race);
  const message = failure.message.replace(/explore\/explore\.test\.ts:\d+:\d+/g, "(place)");
  expect(message).toBe(
    [
      "error in schedule 2: Error: the balance is 1",
      "",
      "  7 context switches, 1 departure from asyncio's own order, shrunk from 7 in 2 runs; free: timers, arrivals",
      `  run it again: explore(program, { replay: "${failure.token}" })`,
      "",
      "   1   0 ms  main  starts; waits in race() at (place) for a",
      "   2   0 ms  a     starts; reads account.balance; waits in deposit() > sleep() at (place) for a future",
      "   3   0 ms  b     starts; waits in deposit() > sleep() at (place) for a future",
      ">  4  10 ms  -     a sleep is over",
      "   5  10 ms  -     a sleep is over",
      "   6  10 ms  b     goes on; reads account.balance; waits in deposit() > sleep() at (place) for a future",
      "   7  10 ms  a     goes on; writes account.balance; ends",
      "   8  10 ms  main  goes on; waits in race() at (place) for b",
      "   9  20 ms  -     a sleep is over",
      "  10  20 ms  b     goes on; writes account.balance; ends",
      "  11  20 ms  main  goes on; reads account.balance; fails: Error: the balance is 1",
    ].join("\n"),
  );
  expect(failure.kind).toBe("error");
  expect(failure.cause).toEqual(new Error("the balance is 1"));
  // Where the failure is printed its message is enough of a timeline.
  expect(failure.timeline.length).toBe(11);
  expect(Object.keys(failure)).not.toContain("timeline");
});

test("a token runs the same schedule again, step for step", () => {
  const failure = failureOf(race);
  const again = failureOf(race, { replay: failure.token });
  expect(again.timeline).toEqual(failure.timeline);
  expect(again.token).toBe(failure.token);
});

test("a program that was repaired passes under the token, or has other choices", () => {
  const { token } = failureOf(race);
  let broken = true;
  const repaired = function* (world: World) {
    try {
      yield* race(world);
    } catch (error) {
      if (broken) throw error;
    }
  };
  broken = false;
  expect(explore(repaired, { replay: token }).schedules).toBe(1);
  const other = function* () {
    yield* sleep(1);
  };
  expect(() => explore(other, { replay: token })).toThrow(
    new ReplayError("the program had other choices than when the token was made: it is not the same program"),
  );
  const wide = function* (world: World) {
    for (let n = 0; n < 2; n++) world.arrival(() => {});
    yield* sleep(1);
  };
  expect(() => explore(wide, { replay: token.replace(/^ts1\.ta\.[^.]+/, "ts1.a.9") })).toThrow(
    "the schedule takes option 10 of 3 at decision 1: the program is not the one the token was made for",
  );
  expect(() => explore(race, { replay: "nonsense" })).toThrow(
    new ReplayError("not a replay token: nonsense; expected one such as ts1.t.0-2-1.1x4k9"),
  );
});

test("beyond the bound schedules are drawn at random, the same for the same seed", () => {
  for (const strategy of ["pct", "uniform"] as const) {
    const ordersOf = (seed: number) => {
      const orders: string[] = [];
      const report = explore(
        writers(["a", "b", "c"], 3, (order) => orders.push(order)),
        { freedoms: ["ready"], maxSchedules: 10, randomSchedules: 20, strategy, seed },
      );
      expect(report).toMatchObject({ schedules: 30, randomSchedules: 20, exhaustive: false, reductionFactor: 1 });
      return orders;
    };
    expect(ordersOf(1)).toEqual(ordersOf(1));
    expect(ordersOf(1)).not.toEqual(ordersOf(2));
    expect(new Set(ordersOf(1)).size).toBeGreaterThan(10);
  }
});

test("a rare order is found at random, and shrunk", () => {
  const program = function* () {
    const order: number[] = [];
    const tasks = Array.from({ length: 6 }, (_, n) =>
      createTask(
        (function* () {
          order.push(n);
          yield* sleep(0);
        })(),
      ),
    );
    for (const task of tasks) yield* task;
    if (order.indexOf(5) < order.indexOf(0)) throw new Error(`5 before 0`);
  };
  const failure = failureOf(program, { freedoms: ["ready"], maxSchedules: 5, randomSchedules: 200 });
  expect(failure.schedules).toBeGreaterThan(5);
  expect(failure.departures).toBe(1);
});

test("errors nobody handles are failures", () => {
  const callback = failureOf(function* () {
    getRunningLoop().callSoon(() => {
      throw new Error("in a callback");
    });
    yield* sleep(1);
  });
  expect([callback.kind, (callback.cause as Error).message]).toEqual(["unhandled error", "in a callback"]);
  const forgotten = failureOf(function* () {
    new Future().setException(new Error("forgotten"));
    yield* sleep(1);
  });
  expect([forgotten.kind, (forgotten.cause as Error).message]).toEqual(["unhandled error", "forgotten"]);
  const reported = failureOf(function* () {
    getRunningLoop().callExceptionHandler({ message: "only words" });
    yield* sleep(1);
  });
  expect((reported.cause as Error).message).toBe("only words");
  const main = failureOf(
    function* () {
      yield* sleep(1);
      throw "no error object";
    },
    { shrinkRuns: 0 },
  );
  expect(main.message).toContain("error in schedule 1: no error object");
});

test("a program without an end meets a limit", () => {
  const spin = failureOf(
    function* () {
      for (;;) yield* sleep(0);
    },
    { maxSteps: 50, shrinkRuns: 1 },
  );
  expect(spin.kind).toBe("endless");
  expect((spin.cause as Error).message).toBe(
    "the program did not end within 50 steps: raise maxSteps if it needs more",
  );
  const sleeper = failureOf(
    function* () {
      for (;;) yield* sleep(1000);
    },
    { maxTimeMs: 5000, shrinkRuns: 0 },
  );
  expect((sleeper.cause as Error).message).toMatch(/^the next timer is due at 6000 ms, beyond the limit of 5000 ms/);
});

test("a task that waits by giving way lets the others run", () => {
  const report = explore(
    function* (world) {
      const state = world.shared({ ready: false });
      const poll = createTask(
        (function* () {
          while (!state.ready) yield* sleep(0);
        })(),
      );
      const loop = getRunningLoop();
      let polls = 0;
      const pollByCallback = () => {
        polls++;
        if (!state.ready) loop.callSoon(pollByCallback);
      };
      loop.callSoon(pollByCallback);
      const set = createTask(
        (function* () {
          yield* sleep(0);
          state.ready = true;
        })(),
      );
      yield* set;
      yield* poll;
      expect(polls).toBeGreaterThan(0);
    },
    { freedoms: ["ready"], maxSchedules: 300, randomSchedules: 50, maxSteps: 500 },
  );
  expect(report.schedules).toBeGreaterThan(1);
});

test("invariants are checked after every step, and see what reduction must not hide", () => {
  const failure = failureOf(
    function* (world) {
      const books = world.shared({ cash: 100, stock: 0 }, "books");
      world.invariant(() => {
        if (books.cash + books.stock !== 100 && books.cash + books.stock !== 90) throw new Error("out of balance");
      });
      const change = coroutine(function* change(key: "cash" | "stock", by: number) {
        yield* sleep(0);
        books[key] += by;
      });
      const tasks = [createTask(change("cash", -10)), createTask(change("stock", 10))];
      for (const task of tasks) yield* task;
    },
    { freedoms: ["ready"], sharedState: "declared" },
  );
  expect(failure.kind).toBe("invariant");
  expect(failure.schedules).toBeGreaterThan(1);
});

test("checks at the end", () => {
  let checked = 0;
  const program = function* (world: World) {
    world.atEnd(() => checked++);
    yield* sleep(1);
  };
  explore(program, { invariant: () => checked++ });
  expect(checked).toBe(2);
  const failure = failureOf(program, {
    invariant: () => {
      throw new Error("not in order");
    },
  });
  expect([failure.kind, (failure.cause as Error).message]).toEqual(["invariant", "not in order"]);
});

test("what is left over is cancelled in every order", () => {
  const ends = new Set<string>();
  explore(
    function* () {
      let end = "";
      const leftover = coroutine(function* leftover(name: string) {
        try {
          yield* sleep(1000);
        } finally {
          end += name;
        }
      });
      createTask(leftover("a"));
      createTask(leftover("b"));
      yield* sleep(1);
      ends.add(end);
      return () => end;
    },
    { freedoms: ["ready"], invariant: () => {} },
  );
  expect([...ends]).toEqual([""]);
});

test("a program that depends on more than the schedule is refused", () => {
  let runs = 0;
  const program = function* () {
    const loop = getRunningLoop();
    const count = 2 + (runs++ % 2);
    for (let n = 0; n < count; n++) loop.callLater(10, () => {});
    yield* sleep(20);
  };
  expect(() => explore(program)).toThrow(NondeterministicProgramError);
  let failed = false;
  const once = function* () {
    yield* sleep(1);
    if (!failed) {
      failed = true;
      throw new Error("only once");
    }
  };
  expect(() => explore(once)).toThrow(NondeterministicProgramError);
});

test("state that is shared may be nested, an array, a map or a set", () => {
  const report = explore(
    function* (world) {
      const state = world.shared({ list: [] as number[], map: new Map([["a", 1]]), set: new Set<number>(), gone: 1 });
      const use = coroutine(function* use(n: number) {
        state.list.push(n);
        yield* sleep(0);
        state.map.set("a", n);
        state.set.add(n);
        if ("gone" in state) delete (state as Partial<typeof state>).gone;
      });
      const tasks = [createTask(use(1)), createTask(use(2))];
      for (const task of tasks) yield* task;
      expect([...state.list].sort()).toEqual([1, 2]);
      expect(state.set.size).toBe(2);
      expect(state.map.size).toBe(1);
      expect(Object.keys(state)).toEqual(["list", "map", "set"]);
    },
    { freedoms: ["ready"], sharedState: "declared" },
  );
  expect(report.exhaustive).toBe(true);
});

test("the order of asCompleted is explored", () => {
  const orders = new Set<string>();
  explore(
    function* () {
      let order = "";
      for (const next of asCompleted([sleep(0, "a"), sleep(0, "b"), sleep(0, "c")])) order += yield* next;
      orders.add(order);
    },
    { freedoms: ["ready"], sharedState: "declared" },
  );
  expect(orders.size).toBe(6);
});

test("independent parts are not permuted: the factor is told", () => {
  const program = function* (world: World) {
    const state = world.shared([0, 0, 0, 0]);
    const work = coroutine(function* work(n: number) {
      yield* sleep(5);
      state[n]! += 1;
    });
    for (let n = 0; n < 4; n++) createTask(work(n));
    yield* sleep(10);
  };
  const all = explore(program, { freedoms: ["timers"] });
  const some = explore(program, { freedoms: ["timers"], sharedState: "declared" });
  expect(all).toMatchObject({ schedules: 24, reductionFactor: 1 });
  expect(some).toMatchObject({ schedules: 1, schedulesUnreduced: 24, reductionFactor: 24, exhaustive: true });
});

test("wrong arguments", () => {
  const program = function* () {};
  // @ts-expect-error a function is expected
  expect(() => explore(1)).toThrow(new TypeError("explore() expects a program such as function* (world) {…}, got 1"));
  // @ts-expect-error options are expected
  expect(() => explore(program, null)).toThrow(
    new TypeError('explore() expects options such as {freedoms: ["ready"]}, got null'),
  );
  // @ts-expect-error there is no such freedom
  expect(() => explore(program, { freedoms: ["luck"] })).toThrow(
    new TypeError("explore() knows the freedoms timers, arrivals, ready, not luck"),
  );
  expect(() => explore(program, { maxSteps: -1 })).toThrow(
    new RangeError("explore() expects maxSteps to be a whole number, 0 or more, got -1"),
  );
  const misuse = (use: (world: World) => void) =>
    failureOf(function* (world) {
      use(world);
      yield* sleep(0);
    }).cause;
  expect(misuse((world) => world.shared(1 as never))).toEqual(
    new TypeError("shared() expects an object such as {count: 0}, got 1"),
  );
  expect(misuse((world) => world.arrival(1 as never))).toEqual(new TypeError("arrival() expects a function, got 1"));
  expect(misuse((world) => world.invariant(1 as never))).toEqual(
    new TypeError("invariant() expects a function, got 1"),
  );
  expect(misuse((world) => world.atEnd(1 as never))).toEqual(new TypeError("atEnd() expects a function, got 1"));
});

test("what is not awaitable is a failure of the program", () => {
  const failure = failureOf((() => 1) as never);
  expect((failure.cause as Error).message).toBe("a coroutine was expected by the program, got 1");
});
