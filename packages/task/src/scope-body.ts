import { showResult } from "@tsyncio/future/waiting";

/** @throws TypeError when `body` is not the body of a scope that `caller` could run. */
export function checkBody(caller: string, body: unknown): void {
  if (typeof body !== "function") {
    throw new TypeError(`${caller}() expects a body such as function* (scope) {…}, got ${showResult(body)}`);
  }
  if ((body as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === "AsyncFunction") {
    throw new TypeError(
      `${caller}() cannot cancel an async function: write its body as function* (scope) {…}, with yield* for await`,
    );
  }
}
