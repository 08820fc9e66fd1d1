/**
 * Tells, as JSON, what the platform says of rejections in a number of scenarios: `scenarios.ts <native | future>`. Both
 * kinds of promise must give the same.
 */
import { FuturePromise, type PromiseClass } from "@tsyncio/promise-interop";

const P: PromiseClass = process.argv[2] === "native" ? (Promise as unknown as PromiseClass) : FuturePromise;

let log: string[] = [];
let onUnhandled: (reason: unknown) => void = () => {};
process.on("unhandledRejection", (reason, promise) => {
  log.push(`unhandledRejection ${String(reason)} ${promise instanceof Promise}`);
  onUnhandled(reason);
});
process.on("rejectionHandled", () => void log.push("rejectionHandled"));

const macrotask = () => new Promise<void>((resolve) => setImmediate(resolve));
const ignore = () => {};

function busy(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

const scenarios: Record<string, () => unknown> = {
  "never handled": () => void P.reject("reason"),
  "never handled, by an executor that throws": () =>
    void new P(() => {
      throw "thrown";
    }),
  "never handled, of a chain only the last": () => void P.reject("reason").then(ignore).finally(ignore),
  "handled at once": () => P.reject("reason").catch(ignore),
  "handled in a later job": () => {
    const promise = P.reject("reason");
    P.resolve()
      .then(ignore)
      .then(ignore)
      .then(() => promise.catch(ignore));
  },
  "handled in a native job": async () => {
    const promise = P.reject("reason");
    await null;
    await null;
    promise.catch(ignore);
  },
  "handled in a tick of Node": () => {
    const promise = P.reject("reason");
    process.nextTick(() => promise.catch(ignore));
  },
  "handled after more jobs than fit into one macrotask": () => {
    const promise = P.reject("reason");
    let chain: PromiseLike<unknown> = P.resolve();
    for (let i = 0; i < 10; i++) chain = chain.then(() => busy(5));
    chain.then(() => promise.catch(ignore));
  },
  "handled after a macrotask": async () => {
    const promise = P.reject("reason");
    await macrotask();
    await macrotask();
    promise.catch(ignore);
  },
  "handled when the platform tells of it": () => {
    const promise = P.reject("reason");
    onUnhandled = () => promise.catch(ignore);
  },
  "handled by a native promise that follows it": () => Promise.resolve(P.reject("reason")).catch(ignore),
  "handled by a native await": async () => {
    try {
      await P.reject("reason");
    } catch {}
  },
  "handled by being followed": () => {
    P.resolve()
      .then(() => P.reject("reason"))
      .catch(ignore);
    new P((resolve) => resolve(P.reject("reason"))).catch(ignore);
  },
  "handled by a combinator": () => {
    P.all([P.reject("first"), P.reject("second")]).catch(ignore);
    P.allSettled([P.reject("first")]);
    P.race([P.resolve(), P.reject("late")]);
  },
  "a combinator's own": () => void P.all([P.reject("first"), P.reject("second")]),
  "handled twice": async () => {
    const promise = P.reject("reason");
    await macrotask();
    promise.catch(ignore);
    promise.catch(ignore);
  },
  "two, of which one is handled": () => {
    P.reject("unhandled");
    P.reject("handled").catch(ignore);
  },
  "rejected in a later job": () => void P.resolve().then(() => P.reject("in a job")),
  "rejected when the platform tells of another": () => {
    P.reject("first");
    onUnhandled = (reason) => {
      if (reason === "first") P.reject("second");
    };
  },
};

const results: Record<string, string[]> = {};
for (const [name, run] of Object.entries(scenarios)) {
  log = [];
  onUnhandled = ignore;
  run();
  // More than any scenario takes.
  for (let i = 0; i < 8; i++) await macrotask();
  if (name.includes("more jobs")) await new Promise((resolve) => setTimeout(resolve, 200));
  for (let i = 0; i < 8; i++) await macrotask();
  results[name] = log;
}
process.stdout.write(JSON.stringify(results));
