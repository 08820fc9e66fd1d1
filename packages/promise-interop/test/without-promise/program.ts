/**
 * Works with a FuturePromise where there is no Promise: the global is removed, and the methods of native promises throw.
 * Prints what it saw, as JSON.
 */
import { Future } from "@tsyncio/future";
import { FuturePromise, futureFromPromise, promiseFromFuture } from "@tsyncio/promise-interop";

const native = Promise;
const uses: string[] = [];
for (const name of ["then", "catch", "finally"] as const) {
  const original = native.prototype[name] as (...args: unknown[]) => unknown;
  Object.defineProperty(native.prototype, name, {
    value(this: unknown, ...args: unknown[]) {
      // The module loader makes promises of its own: only what our packages do counts.
      const caller = new Error().stack?.split("\n").find((line) => /packages\/[^/]+\/(src|dist)\//.test(line));
      if (caller !== undefined) uses.push(`${name} ${caller.trim()}`);
      return Reflect.apply(original, this, args);
    },
  });
}
for (const name of ["resolve", "reject", "all", "withResolvers"] as const) {
  if (name in native) {
    Object.defineProperty(native, name, {
      value() {
        uses.push(name);
        throw new Error(`Promise.${name}() was used`);
      },
    });
  }
}
delete (globalThis as { Promise?: unknown }).Promise;

const storeys = [
  FuturePromise,
  promiseFromFuture(futureFromPromise(FuturePromise)),
  promiseFromFuture(Future as never),
];
const log: unknown[] = [];
for (const P of storeys) {
  P.all([
    1,
    P.resolve(2),
    new P<number>((resolve) => resolve(3)).then((value) => P.resolve(value + 1)),
    P.reject(5).catch((reason) => reason),
    P.race([P.resolve(6)]).finally(() => {}),
  ]).then((values) => log.push(values));
  P.any([P.reject(7)]).catch((error) => log.push(error.errors));
}
// Until all have come, or so much time has passed that none will.
let ticks = 0;
const looking = setInterval(() => {
  if (log.length < 2 * storeys.length && ++ticks < 2000) return;
  clearInterval(looking);
  process.stdout.write(JSON.stringify({ log, uses, missing: typeof globalThis.Promise }));
}, 5);
