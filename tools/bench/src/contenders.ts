import type { Contests } from "./contest.ts";

/** The contenders that are JavaScript; CPython is measured by a script of its own. */
export const contenders = [
  "tsyncio",
  "native",
  "effect",
  "effection",
  "bluebird",
  "core-js-pure",
  "p-limit",
  "async-mutex",
  "floor",
] as const;

export type Contender = (typeof contenders)[number];

const modules: Record<Contender, () => Promise<{ contests: Contests }>> = {
  tsyncio: () => import("./contenders/tsyncio.ts"),
  native: () => import("./contenders/native.ts"),
  effect: () => import("./contenders/effect.ts"),
  effection: () => import("./contenders/effection.ts"),
  bluebird: () => import("./contenders/bluebird.ts"),
  "core-js-pure": () => import("./contenders/core-js-pure.ts"),
  "p-limit": () => import("./contenders/p-limit.ts"),
  "async-mutex": () => import("./contenders/async-mutex.ts"),
  floor: () => import("./contenders/floor.ts"),
};

/** Loads one contender's cases, and nothing of the others. */
export async function loadContests(name: Contender): Promise<Contests> {
  return (await modules[name]()).contests;
}

export function contenderNamed(name: string): Contender {
  const found = contenders.find((one) => one === name);
  if (found === undefined) throw new Error(`There is no contender "${name}"; there are ${contenders.join(", ")}.`);
  return found;
}
