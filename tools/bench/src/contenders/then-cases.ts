import type { Contest } from "../contest.ts";

/**
 * Callbacks that a platform's I/O would call: all that are pending run in one macrotask, so that what is measured is the
 * promises and not the platform.
 */
const pending: (() => void)[] = [];
function later(callback: () => void): void {
  if (pending.push(callback) === 1) setImmediate(deliver);
}
function deliver(): void {
  const due = pending.splice(0);
  for (const callback of due) callback();
}

/** The cases that use nothing but a Promise class, on the class given. */
export function thenCases(
  P: PromiseConstructor,
): Record<"doxbee-sequential" | "doxbee-parallel" | "then-chain", Contest> {
  const step = (value: number) => new P<number>((resolve) => later(() => resolve(value + 1)));

  /** A request: ten callbacks in series, each awaited with `then`. */
  const inSeries = (value: number) =>
    step(value).then(step).then(step).then(step).then(step).then(step).then(step).then(step).then(step).then(step);

  const atOnce = (value: number) =>
    P.all([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((offset) => step(value + offset - 1))).then((values) =>
      values.reduce((sum, each) => sum + each, 0),
    );

  async function all(n: number, request: (value: number) => Promise<number>): Promise<number> {
    const requests: Promise<number>[] = new Array(n);
    for (let i = 0; i < n; i++) requests[i] = request(i);
    const values = await P.all(requests);
    return values.reduce((sum, each) => sum + each, 0);
  }

  return {
    "doxbee-sequential": (n) => all(n, inSeries),
    "doxbee-parallel": (n) => all(n, atOnce),
    "then-chain": async (n) => {
      let chain = P.resolve(0);
      for (let i = 0; i < n; i++) chain = chain.then((value) => value + 1);
      return await chain;
    },
  };
}
