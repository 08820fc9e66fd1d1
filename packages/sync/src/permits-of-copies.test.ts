import { registry, watchPermits } from "@tsyncio/context/registry";
import { afterEach, expect, it, vi } from "vitest";
import * as one from "./index.ts";

type Copy = typeof one;

const guards = registry.permits;
afterEach(() => watchPermits(guards));

const load = async (): Promise<Copy> => {
  vi.resetModules();
  return (await import("./index.ts")) as Copy;
};

/** Takes a permit of a lock and gives it back; no loop is needed where nobody waits. */
function takeAndReturn({ Lock }: Copy): void {
  const lock = new Lock();
  lock.acquire().send();
  lock.release();
}

it("permits are told of in every loaded copy, also in one that is loaded while somebody watches", async () => {
  let log: string[] = [];
  const watcher = {
    taken: (resource: object) => log.push(`taken ${resource.constructor.name}`),
    returned: (resource: object) => log.push(`returned ${resource.constructor.name}`),
  };
  const early = await load();
  expect(early.Lock).not.toBe(one.Lock);
  watchPermits(watcher);
  const late = await load();
  for (const copy of [one, early, late]) {
    log = [];
    takeAndReturn(copy);
    expect(log).toEqual(["taken Lock", "returned Lock"]);
  }
  watchPermits(null);
  log = [];
  for (const copy of [one, early, late]) takeAndReturn(copy);
  expect(log).toEqual([]);
});
