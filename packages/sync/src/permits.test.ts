import { registry, watchPermits } from "@tsyncio/context/registry";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as one from "./index.ts";

/** Takes a permit of a lock and of a semaphore, and gives both back; no loop is needed where nobody waits. */
function takeAndReturn(copy: typeof one): void {
  for (const source of [new copy.Lock(), new copy.BoundedSemaphore(1)]) {
    source.acquire().send();
    source.release();
  }
}

describe("permits", () => {
  const guards = registry.permits;
  let log: string[];
  const watcher = {
    taken: (resource: object) => log.push(`taken ${resource.constructor.name}`),
    returned: (resource: object) => log.push(`returned ${resource.constructor.name}`),
  };
  const all = ["taken Lock", "returned Lock", "taken BoundedSemaphore", "returned BoundedSemaphore"];

  beforeEach(() => {
    log = [];
  });
  afterEach(() => watchPermits(guards));

  it("are told of while somebody watches, and not before or after", () => {
    takeAndReturn(one);
    expect(log).toEqual([]);
    watchPermits(watcher);
    expect(registry.permits).toBe(watcher);
    takeAndReturn(one);
    expect(log).toEqual(all);
    watchPermits(null);
    expect(registry.permits).toBeNull();
    takeAndReturn(one);
    expect(log).toEqual(all);
  });

  it("leave the registry a plain object", () => {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(registry))) {
      expect(property, name).toHaveProperty("value");
    }
  });
});
