import configure from "core-js-pure/configurator.js";
import type { Contests } from "../contest.ts";
import { thenCases } from "./then-cases.ts";

// Where the platform has a good Promise core-js passes it on in a wrapper, unless it was told before it is loaded:
// imported statically it would be loaded first.
configure({ usePolyfill: ["Promise"] });
const { default: CorePromise } = await import("core-js-pure/es/promise/index.js");

if (new CorePromise(() => {}) instanceof Promise) {
  throw new Error("core-js-pure gave the platform's own Promise; nothing would be compared.");
}

export const contests: Contests = thenCases(CorePromise);
