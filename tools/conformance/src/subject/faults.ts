import { Context } from "@tsyncio/context";
import { futureDiscardFromAwaitedBy } from "@tsyncio/future";
import type { EventLoop } from "@tsyncio/loop";

type Scope = Record<string, any>;

/** A deliberate mistake: what it puts in place of something a program uses, and the profile it should show in. */
export interface Fault {
  readonly profile: string;
  readonly break: (real: Scope) => Scope;
}

/** A class like `Base` with one method replaced. */
function withMethod(Base: any, name: string, replacement: (this: any, ...given: any[]) => unknown): unknown {
  class Broken extends Base {}
  Object.defineProperty(Broken.prototype, name, { value: replacement });
  return Broken;
}

/** A loop whose method is replaced by `method`, given the real one. */
function withLoop(loop: EventLoop, name: string, method: (real: any) => (...given: any[]) => unknown): unknown {
  return new Proxy(loop, {
    get(target, property) {
      const value = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      const bound = value.bind(target);
      return property === name ? method(bound) : bound;
    },
  });
}

/** Mistakes one could make, each in one operation: the comparison has to find every one of them. */
export const faults: Readonly<Record<string, Fault>> = {
  "sleep(0) gives nobody a turn": {
    profile: "mixed",
    break: ({ sleep, coroutine }) => ({
      sleep: coroutine(function* sleepOrNot(delay: number, result: unknown): Generator<any, any, any> {
        return delay <= 0 ? result : yield* sleep(delay, result);
      }),
    }),
  },
  "equal deadlines in reverse": {
    profile: "timers",
    break: ({ loop }) => {
      let early = 0;
      return {
        loop: withLoop(loop, "callLater", (real) => (delay: number, callback: () => void) => {
          early += 2 ** -12;
          return real(delay > 0 ? delay - early : delay, callback);
        }),
      };
    },
  },
  "a timer cannot be cancelled": {
    profile: "timers",
    break: ({ loop }) => ({
      loop: withLoop(loop, "callLater", (real) => (delay: number, callback: () => void) => {
        real(delay, callback);
        return real(delay, () => {});
      }),
    }),
  },
  "a cancelled future loses its message": {
    profile: "futures",
    break: ({ Future }) => ({
      Future: withMethod(Future, "cancel", function (this: any) {
        return Future.prototype.cancel.call(this);
      }),
    }),
  },
  "one removal removes nothing": {
    profile: "callbacks",
    break: ({ Future }) => ({ Future: withMethod(Future, "removeDoneCallback", () => 0) }),
  },
  "callbacks of a done future run at once": {
    profile: "callbacks",
    break: ({ Future }) => ({
      Future: withMethod(Future, "addDoneCallback", function (this: any, callback: (future: unknown) => void) {
        if (this.done()) callback(this);
        else Future.prototype.addDoneCallback.call(this, callback);
      }),
    }),
  },
  "eager tasks start in the next turn": {
    profile: "eager",
    break: ({ createTask }) => ({
      createTask: (coro: unknown, options: object) => createTask(coro, { ...options, eagerStart: false }),
    }),
  },
  "every task starts at once": {
    profile: "mixed",
    break: ({ createTask }) => ({
      createTask: (coro: unknown, options: object) => createTask(coro, { ...options, eagerStart: true }),
    }),
  },
  "tasks share one context": {
    profile: "contexts",
    break: ({ ContextVar }) => ({
      ContextVar: class {
        value: unknown;
        constructor(_name: string, options: { default: unknown }) {
          this.value = options.default;
        }
        get() {
          return this.value;
        }
        set(value: unknown) {
          this.value = value;
        }
        readonly kind = ContextVar;
      },
    }),
  },
  "a task runs in a copy of the context it is given": {
    profile: "contexts",
    break: ({ createTask }) => ({
      createTask: (coro: unknown, options: { context?: Context }) =>
        createTask(coro, options.context === undefined ? options : { ...options, context: options.context.copy() }),
    }),
  },
  "a callback ignores the context it is given": {
    profile: "contexts",
    break: ({ loop }) => ({
      loop: withLoop(loop, "callSoon", (real) => (callback: () => void) => real(callback)),
    }),
  },
  "resetting a variable does nothing": {
    profile: "contexts",
    break: ({ ContextVar }) => ({ ContextVar: withMethod(ContextVar, "reset", () => undefined) }),
  },
  "gather does not show in the call graph": {
    profile: "graph",
    break: ({ gather, currentTask }) => ({
      gather: (items: unknown[], options: unknown) => {
        const gathered = gather(items, options);
        for (const item of items) futureDiscardFromAwaitedBy(item, currentTask());
        return gathered;
      },
    }),
  },
  "each run of a Runner has a context of its own": {
    profile: "runner",
    break: ({ Runner }) => ({
      Runner: withMethod(Runner, "run", function (this: any, main: unknown) {
        return Runner.prototype.run.call(this, main, { context: new Context() });
      }),
    }),
  },
  "closing a Runner cancels nothing": {
    profile: "runner",
    break: ({ Runner }) => ({ Runner: withMethod(Runner, "close", async () => undefined) }),
  },
  "gather gives results in reverse": {
    profile: "gather",
    break: ({ gather }) => ({ gather: (items: unknown[], options: unknown) => gather([...items].reverse(), options) }),
  },
  "gather always gives failures as results": {
    profile: "gather",
    break: ({ gather }) => ({ gather: (items: unknown[]) => gather(items, { returnExceptions: true }) }),
  },
  "wait stops at the first failure only": {
    profile: "wait",
    break: ({ wait }) => ({
      wait: (items: unknown[], options: object) => wait(items, { ...options, returnWhen: "FIRST_EXCEPTION" }),
    }),
  },
  "waitFor gives up without cancelling": {
    profile: "waitFor",
    break: ({ waitFor, shield }) => ({ waitFor: (item: unknown, timeout: unknown) => waitFor(shield(item), timeout) }),
  },
  "asCompleted in the order given": {
    profile: "asCompleted",
    break: ({ ensureFuture }) => ({
      asCompleted: (items: unknown[]) => Object.assign(items.map(ensureFuture), { futures: () => [] }),
    }),
  },
  "asCompleted gives the futures in the order given": {
    profile: "asCompleted",
    break: ({ asCompleted, ensureFuture, coroutine, wait }) => ({
      asCompleted: (items: unknown[], options: unknown) => {
        const futures = [...new Set(items.map(ensureFuture))];
        const whenDone = coroutine(function* whenDone(future: unknown): Generator<any, any, any> {
          yield* wait([future]);
          return future;
        });
        const real = asCompleted(futures, options);
        return Object.assign(real, { futures: () => futures.map(whenDone) });
      },
    }),
  },
  "a shield lets cancellation through": {
    profile: "shield",
    break: ({ ensureFuture }) => ({ shield: ensureFuture }),
  },
  "a timeout cannot be rescheduled": {
    profile: "timeout",
    break: ({ timeout }) => ({
      timeout: (delay: unknown, body: (scope: any) => unknown) =>
        timeout(delay, (scope: any) => {
          scope.reschedule = () => {};
          return body(scope);
        }),
    }),
  },
  "a task group runs its tasks one after another": {
    profile: "group",
    break: ({ taskGroup, createTask, coroutine }) => ({
      taskGroup: (body: (group: any) => unknown) =>
        taskGroup((group: any) => {
          let last: unknown;
          const real = group.createTask.bind(group);
          group.createTask = (coro: any, options: any) => {
            const before: any = last;
            const queued = coroutine(function* queued(): Generator<any, any, any> {
              if (before !== undefined && !before.done()) yield* before;
              return yield* coro;
            });
            last = real(queued(), options);
            return last;
          };
          return body(group);
        }),
      createTask,
    }),
  },
  "a lock that is free is handed over a turn late": {
    profile: "lock",
    break: ({ Lock, sleep, coroutine }) => ({
      Lock: withMethod(
        Lock,
        "acquire",
        coroutine(function* acquire(this: any): Generator<any, any, any> {
          yield* sleep(0);
          return yield* Lock.prototype.acquire.call(this);
        }),
      ),
    }),
  },
  "an event that is set stays set": {
    profile: "event",
    break: ({ Event }) => ({ Event: withMethod(Event, "clear", () => undefined) }),
  },
  "notify wakes everybody": {
    profile: "condition",
    break: ({ Condition }) => ({
      Condition: withMethod(Condition, "notify", function (this: any) {
        return Condition.prototype.notify.call(this, 1000);
      }),
    }),
  },
  "a semaphore has one permit too many": {
    profile: "semaphore",
    break: ({ Semaphore }) => ({
      Semaphore: class extends Semaphore {
        constructor(value: number) {
          super(value + 1);
        }
      },
    }),
  },
  "a bounded semaphore has no bound": {
    profile: "semaphore",
    break: ({ Semaphore }) => ({ BoundedSemaphore: Semaphore }),
  },
  "a barrier cannot be broken": {
    profile: "barrier",
    break: ({ Barrier, coroutine }) => ({
      Barrier: withMethod(
        Barrier,
        "abort",
        coroutine(function* abort() {}),
      ),
    }),
  },
  "a queue gives the newest first": {
    profile: "queue",
    break: ({ LifoQueue }) => ({ Queue: LifoQueue }),
  },
  "a priority queue keeps no order": {
    profile: "queue",
    break: ({ Queue }) => ({ PriorityQueue: Queue }),
  },
  "shutdown is always graceful": {
    profile: "queue",
    break: (real) =>
      Object.fromEntries(
        ["Queue", "PriorityQueue", "LifoQueue"].map((name) => [
          name,
          withMethod(real[name], "shutdown", function (this: any) {
            return real[name].prototype.shutdown.call(this, false);
          }),
        ]),
      ),
  },
  "join waits for nothing": {
    profile: "queue",
    break: ({ Queue, coroutine }) => ({
      Queue: withMethod(
        Queue,
        "join",
        coroutine(function* join() {}),
      ),
    }),
  },
};
