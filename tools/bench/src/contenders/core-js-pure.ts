// The configuration must come first: it makes core-js use its own Promise where the platform has a good one.
import "./core-js-configuration.ts";
import CorePromise from "core-js-pure/es/promise/index.js";
import type { Contests } from "../contest.ts";
import { thenCases } from "./then-cases.ts";

if (CorePromise === Promise)
  throw new Error("core-js-pure gave the platform's own Promise; nothing would be compared.");

export const contests: Contests = thenCases(CorePromise);
