/**
 * What the layers above need from inside a future: who waits for it, and how its errors are made and shown.
 *
 * @packageDocumentation
 */
export { addCombiner, discardCombiner } from "./awaited-by.ts";
export { UnretrievedFailure } from "./failure.ts";
export { combinersOf, toCancelledError } from "./future.ts";
export { showResult } from "./show.ts";
export { announceSteps, awaiting, handedOn, handsOn, stepBrand, suspended } from "./step.ts";
