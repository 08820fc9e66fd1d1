import { type Coroutine, coroutine } from "@tsyncio/coroutine";
import { CancelledError, Future } from "@tsyncio/future";
import { Queue } from "@tsyncio/queue";
import { Condition, Lock, Semaphore } from "@tsyncio/sync";
import { createTask, gather, sleep, type Task, taskGroup } from "@tsyncio/task";
import { expect, test } from "vitest";
import type { DeadlockError } from "../deadlock.ts";
import { ScheduleFailure } from "../errors.ts";
import { type ExploreOptions, explore } from "./explore.ts";
import type { Program } from "./run-schedule.ts";
import type { World } from "./world.ts";

/** The failure a program has in some schedule, and the same schedule run again. */
function findIn(program: Program, options: ExploreOptions): ScheduleFailure {
  const failure = failureIn(program, options);
  const again = failureIn(program, { ...options, replay: failure.token });
  expect(again.timeline.map(({ what }) => what)).toEqual(failure.timeline.map(({ what }) => what));
  expect(again.kind).toBe(failure.kind);
  expect(failure.message).toContain(`schedule ${failure.schedules}`);
  return failure;
}

function failureIn(program: Program, options: ExploreOptions): ScheduleFailure {
  try {
    explore(program, options);
  } catch (error) {
    if (error instanceof ScheduleFailure) return error;
    throw error;
  }
  throw new Error("no schedule fails");
}

/** A store whose replies come from outside, each when it likes. */
class Store {
  readonly #world: World;
  readonly #balances: Record<string, number>;

  constructor(world: World, balances: Record<string, number>) {
    this.#world = world;
    this.#balances = world.shared(balances, "balances");
  }

  load = coroutine(function* load(this: Store, name: string) {
    yield* this.#reply();
    return this.#balances[name]!;
  }).bind(this) as (name: string) => Coroutine<number>;

  save = coroutine(function* save(this: Store, name: string, balance: number) {
    yield* this.#reply();
    this.#balances[name] = balance;
  }).bind(this) as (name: string, balance: number) => Coroutine<void>;

  total(): number {
    return Object.values(this.#balances).reduce((sum, balance) => sum + balance, 0);
  }

  #reply(): Future<void> {
    const reply = new Future<void>();
    this.#world.arrival(function reply_arrives() {
      if (!reply.done()) reply.setResult();
    });
    return reply;
  }
}

function transferring(transfers: readonly (readonly [string, string, number])[], guarded: boolean): Program {
  return function* bank(world) {
    const store = new Store(world, { ann: 100, bob: 100, eve: 100 });
    const locks = new Map(["ann", "bob", "eve"].map((name) => [name, new Lock()]));
    const move = coroutine(function* move(from: string, to: string, amount: number) {
      const left = yield* store.load(from);
      yield* store.save(from, left - amount);
      const had = yield* store.load(to);
      yield* store.save(to, had + amount);
    });
    const transfer = coroutine(function* transfer(from: string, to: string, amount: number) {
      if (!guarded) return yield* move(from, to, amount);
      // Always in the order of the alphabet.
      const [first, second] = [from, to].sort();
      yield* locks.get(first!)!.hold(function* () {
        yield* locks.get(second!)!.hold(() => move(from, to, amount));
      });
    });
    yield* gather(
      transfers.map(([from, to, amount]) => createTask(transfer(from, to, amount), { name: `${from} to ${to}` })),
    );
    if (store.total() !== 300) throw new Error(`there is ${store.total()} in the bank, not 300`);
  };
}

const transfers = [
  ["ann", "bob", 10],
  ["bob", "eve", 20],
] as const;

test("a read-await-write race: two transfers touch one account", () => {
  const failure = findIn(transferring(transfers, false), { freedoms: ["arrivals"] });
  expect(failure.kind).toBe("error");
  expect((failure.cause as Error).message).toMatch(/^there is \d+ in the bank, not 300$/);
  expect(failure.schedules).toBeGreaterThan(1);
  expect(failure.schedules).toBeLessThan(400);
  expect(failure.departures).toBe(1);
});

test("no race when each transfer holds the locks of its accounts, in whatever order replies come", () => {
  const report = explore(transferring(transfers, true), { freedoms: ["arrivals", "ready"], sharedState: "declared" });
  expect(report.exhaustive).toBe(true);
  expect(report.schedules).toBeGreaterThan(1);
});

test("a lock-order deadlock: transfers come while the bank is audited", () => {
  function* bank(world: World) {
    const locks = { ann: new Lock(), bob: new Lock(), eve: new Lock() };
    const balances = world.shared({ ann: 100, bob: 100, eve: 100 }, "balances");
    type Name = keyof typeof locks;
    const transfer = coroutine(function* transfer(from: Name, to: Name, amount: number) {
      yield* locks[from].hold(function* () {
        yield* locks[to].hold(function* () {
          balances[from] -= amount;
          balances[to] += amount;
        });
      });
    });
    const audit = coroutine(function* audit(name: Name) {
      yield* locks[name].hold(function* () {
        const report = new Future<void>();
        world.arrival(function report_is_written() {
          report.setResult();
        });
        yield* report;
        if (balances[name] < 0) throw new Error(`${name} is in debt`);
      });
    });
    yield* taskGroup(function* (group) {
      const requests: (() => void)[] = [
        () => group.createTask(transfer("ann", "bob", 10), { name: "ann to bob" }),
        () => group.createTask(transfer("bob", "ann", 20), { name: "bob to ann" }),
        () => group.createTask(transfer("eve", "ann", 30), { name: "eve to ann" }),
        () => group.createTask(audit("eve"), { name: "audit of eve" }),
      ];
      const all = new Future<void>();
      group.createTask(audit("bob"), { name: "audit of bob" });
      let left = requests.length;
      for (const request of requests) {
        world.arrival(function request_comes() {
          request();
          if (--left === 0) all.setResult();
        });
      }
      yield* all;
    });
  }
  const failure = findIn(bank, { freedoms: ["arrivals"] });
  expect(failure.kind).toBe("deadlock");
  const { cycles } = (failure.cause as DeadlockError).graph;
  expect(cycles.map((cycle) => cycle.map(({ name }) => name).sort())).toEqual([["ann to bob", "bob to ann"]]);
  expect(failure.schedules).toBeGreaterThan(1);
  expect(failure.schedules).toBeLessThan(600);
});

/** Where producers put things and consumers take them; `notify` is what it is built with. */
class Buffer {
  readonly #items: number[];
  readonly #changed = new Condition();
  readonly #size: number;
  readonly #wakeAll: boolean;

  constructor(world: World, size: number, wakeAll: boolean) {
    this.#items = world.shared([], "items");
    this.#size = size;
    this.#wakeAll = wakeAll;
  }

  *put(item: number) {
    yield* this.#changed.acquire();
    try {
      yield* this.#changed.waitFor(() => this.#items.length < this.#size);
      this.#items.push(item);
      this.#notify();
    } finally {
      this.#changed.release();
    }
  }

  *take() {
    yield* this.#changed.acquire();
    try {
      yield* this.#changed.waitFor(() => this.#items.length > 0);
      const item = this.#items.shift()!;
      this.#notify();
      return item;
    } finally {
      this.#changed.release();
    }
  }

  /** Producers and consumers wait on the same condition: to wake one of them may be to wake the wrong one. */
  #notify(): void {
    if (this.#wakeAll) this.#changed.notifyAll();
    else this.#changed.notify();
  }
}

function plant(wakeAll: boolean): Program {
  return function* plant(world) {
    const buffer = new Buffer(world, 1, wakeAll);
    const produce = coroutine(function* produce(first: number, count: number) {
      for (let item = first; item < first + count; item++) yield* buffer.put(item);
    });
    const consume = coroutine(function* consume(count: number) {
      const items: number[] = [];
      while (items.length < count) items.push(yield* buffer.take());
      return items;
    });
    const [, one, , two] = yield* gather([
      createTask(produce(10, 2), { name: "producer 1" }),
      createTask(consume(1), { name: "consumer 1" }),
      createTask(produce(20, 1), { name: "producer 2" }),
      createTask(consume(2), { name: "consumer 2" }),
    ]);
    const taken = [...one, ...two].sort();
    if (taken.join() !== "10,11,20") throw new Error(`taken: ${taken}`);
  };
}

test("a lost notify: producers and consumers wait on one condition, and the wrong one is woken", () => {
  const failure = findIn(plant(false), { freedoms: ["ready"], sharedState: "declared" });
  expect(failure.kind).toBe("deadlock");
  expect(failure.schedules).toBeGreaterThan(1);
  expect(failure.schedules).toBeLessThan(50);
});

test("no notify is lost when everyone is woken", () => {
  const report = explore(plant(true), {
    freedoms: ["ready"],
    sharedState: "declared",
    maxSchedules: 20_000,
    randomSchedules: 0,
  });
  expect(report.exhaustive).toBe(true);
  // 500 schedules stand for some 70,000.
  expect(report.reductionFactor).toBeGreaterThan(50);
});

test("a missed cancellation: a retry swallows it", () => {
  function* service(world: World) {
    const jobs = new Queue<string>();
    const done = world.shared<string[]>([], "done");
    const send = coroutine(function* send(job: string) {
      const reply = new Future<void>();
      world.arrival(function reply_arrives() {
        if (!reply.done()) reply.setResult();
      });
      yield* reply;
      done.push(job);
    });
    const sendAgainAndAgain = coroutine(function* sendAgainAndAgain(job: string) {
      for (let attempt = 1; attempt <= 3; attempt++) {
        try {
          yield* send(job);
          return;
        } catch {
          // The mistake: a CancelledError is caught too.
          yield* sleep(10 * attempt);
        }
      }
    });
    const worker = coroutine(function* worker() {
      for (;;) {
        const job = yield* jobs.get();
        yield* sendAgainAndAgain(job);
        jobs.taskDone();
      }
    });
    const workers: Task<never>[] = [1, 2].map((n) => createTask(worker(), { name: `worker ${n}` }));
    for (const job of ["a", "b"]) yield* jobs.put(job);
    yield* sleep(0);
    const stop = new Future<void>();
    world.arrival(function stop_is_asked_for() {
      stop.setResult();
    });
    yield* stop;
    for (const task of workers) task.cancel();
    for (const task of workers) {
      try {
        yield* task;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
      }
    }
  }
  const failure = findIn(service, { freedoms: ["arrivals"] });
  expect(failure.kind).toBe("deadlock");
  expect(failure.schedules).toBeGreaterThan(1);
  expect(failure.schedules).toBeLessThan(20);
});

/** A pool of two connections; whoever waits for one may lose patience. */
function pool(release: "always" | "when acquired"): Program {
  return function* pool(world) {
    const permits = new Semaphore(2);
    const use = world.shared({ now: 0 }, "connections");
    world.invariant(() => {
      if (use.now > 2) throw new Error(`${use.now} connections are in use, of 2`);
    });
    const work = function* () {
      use.now++;
      try {
        yield* sleep(10);
      } finally {
        use.now--;
      }
    };
    const query = coroutine(function* query() {
      if (release === "when acquired") return yield* permits.hold(work);
      try {
        yield* permits.acquire();
        yield* work();
      } finally {
        // The mistake: also when acquire() was cancelled.
        permits.release();
      }
    });
    const impatient = createTask(query(), { name: "impatient" });
    const patient = [1, 2, 3].map((n) => createTask(query(), { name: `patient ${n}` }));
    yield* sleep(0);
    impatient.cancel();
    try {
      yield* impatient;
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
    }
    yield* gather(patient);
  };
}

test("a semaphore is released too often: a cancelled waiter gives back what it never got", () => {
  const failure = findIn(pool("always"), { freedoms: ["ready"] });
  expect(failure.kind).toBe("invariant");
  expect((failure.cause as Error).message).toBe("3 connections are in use, of 2");
  expect(failure.schedules).toBeGreaterThan(1);
  expect(failure.schedules).toBeLessThan(600);
});

test("a semaphore whose permits are held is never released too often", () => {
  const report = explore(pool("when acquired"), { freedoms: ["ready"], sharedState: "declared" });
  expect(report.exhaustive).toBe(true);
  // 144 schedules stand for some 3,000.
  expect(report.reductionFactor).toBeGreaterThan(10);
});
