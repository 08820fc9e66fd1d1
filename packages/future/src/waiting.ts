/**
 * What the layers above need from inside a future: who waits for it, and how its errors are made and shown.
 *
 * @packageDocumentation
 */
export { isAwaiting } from "./awaiting.ts";
export { checkSameLoop, toCancelledError } from "./future.ts";
export { showResult } from "./show.ts";
