import Bluebird from "bluebird";
import type { Contests } from "../contest.ts";
import { thenCases } from "./then-cases.ts";

Bluebird.config({ cancellation: true, warnings: false, longStackTraces: false });

const coroutine = Bluebird.coroutine as (
  body: (...args: any[]) => Generator<unknown, unknown, any>,
) => (...args: any[]) => Bluebird<any>;

const one = coroutine(function* () {
  return 1;
});

const call = coroutine(function* (n: number) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield one();
  return sum;
});

const switching = coroutine(function* (n: number) {
  let count = 0;
  for (; count < n; count++) yield Bluebird.resolve();
  return count;
});

const descend: (depth: number, n: number) => Bluebird<number> = coroutine(function* (depth: number, n: number) {
  return depth <= 1 ? yield switching(n) : yield descend(depth - 1, n);
});

const suspendOnce = coroutine(function* (value: number) {
  yield Bluebird.resolve();
  return value;
});

const fanOut = coroutine(function* (n: number) {
  const started = Array.from({ length: n }, (_, i) => suspendOnce(i));
  const values: number[] = yield Bluebird.all(started);
  return values.reduce((sum, value) => sum + value, 0);
});

export const contests: Contests = {
  switch: (n) => switching(n),
  call: (n) => call(n),
  "spawn-join-eager": (n) => call(n),
  "fan-out": (n) => fanOut(n),
  "tasks-1e3": (n) => fanOut(n),
  "tasks-1e4": (n) => fanOut(n),
  "tasks-1e5": (n) => fanOut(n),
  "deep-1": (n) => descend(1, n),
  "deep-10": (n) => descend(10, n),
  "deep-100": (n) => descend(100, n),
  "deep-1000": (n) => descend(1000, n),
  cancel: async (n) => {
    const parked = Array.from({ length: n }, () => new Bluebird<void>(() => {}));
    for (const promise of parked) promise.cancel();
    await Bluebird.resolve();
    return parked.filter((promise) => promise.isCancelled()).length;
  },
  ...thenCases(Bluebird as unknown as PromiseConstructor),
};
