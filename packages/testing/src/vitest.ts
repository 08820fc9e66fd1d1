/**
 * A set-up file for vitest: a test fails when it leaves tasks, timers, failures nobody retrieved, coroutines nobody
 * awaited or swallowed cancellations behind.
 *
 *     // vitest.config.ts
 *     export default defineConfig({ test: { setupFiles: ["@tsyncio/testing/vitest"] } });
 *
 * `test.provide: { tsyncioGuards: ["tasks", "timers"] }` limits it to some of these.
 *
 * @packageDocumentation
 */
import { afterEach, beforeEach, inject, vi } from "vitest";
import { Guard, type Leftover, leftovers } from "./guards.ts";

export type { Leftover };

declare module "vitest" {
  interface ProvidedContext {
    /** What tests may not leave behind. Default: everything the guards know. */
    tsyncioGuards?: readonly string[];
  }
}

let guard: Guard | null = null;

beforeEach(() => {
  // A test that looks at the console sees to its errors itself.
  guard = new Guard(() => vi.isMockFunction(console.error));
  const guarded = inject("tsyncioGuards") ?? leftovers;
  guard.allow(...leftovers.filter((leftover) => !guarded.includes(leftover)));
});

afterEach(() => {
  const left = guard?.end() ?? [];
  guard = null;
  if (left.length > 0) throw new Error(`the test left something behind:\n  ${left.join("\n  ")}`);
});

/** Lets the running test leave such things behind: `allowLeftovers("tasks")`. */
export function allowLeftovers(...allowed: readonly Leftover[]): void {
  guard?.allow(...allowed);
}
