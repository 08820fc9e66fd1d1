import { type CancelledError, Future } from "@tsyncio/future";
import { showResult, toCancelledError } from "@tsyncio/future/waiting";
import type { EventLoop } from "@tsyncio/loop";

/** The settings of `fromPromise()`. */
export interface FromPromiseOptions {
  /** The loop of the future. Default: `getEventLoop()`. */
  readonly loop?: EventLoop;
  /** Called within `cancel()`, when that cancels the future: the place to tell the promise's maker to stop. */
  readonly onCancel?: (error: CancelledError) => void;
}

/**
 * A Future that takes the result of a promise. Does not suspend.
 *
 * Cancelling it calls `onCancel`; what the promise does afterwards is ignored, and is never an unhandled rejection. Any
 * thenable is taken, as `await` takes it.
 *
 * @throws TypeError when `promiseLike` has no `then`.
 * asyncio counterpart: `asyncio.wrap_future`.
 */
export function fromPromise<T>(promiseLike: PromiseLike<T>, options: FromPromiseOptions = {}): Future<T> {
  if (promiseLike === null || (typeof promiseLike !== "object" && typeof promiseLike !== "function")) {
    throw notThenable(promiseLike);
  }
  if (options === null || typeof options !== "object") {
    throw new TypeError(`fromPromise() expects options such as {loop, onCancel}, got ${showResult(options)}`);
  }
  const { loop, onCancel } = options;
  if (onCancel !== undefined && typeof onCancel !== "function") {
    throw new TypeError(`fromPromise() expects onCancel to be a function, got ${showResult(onCancel)}`);
  }
  const future = new FutureOfPromise<T>(loop === undefined ? {} : { loop }, onCancel);
  const promise = resolveNatively(promiseLike);
  const refusal = future.getLoop().host.refuseOutside?.("a native promise");
  if (refusal) {
    promise.then(undefined, () => {});
    throw refusal;
  }
  promise.then(
    (value) => {
      if (isAwaited(future)) future.setResult(value);
    },
    (error) => {
      if (isAwaited(future)) future.setException(error);
    },
  );
  return future;
}

/** As `await` begins: a native promise is taken as it is; of anything else `then` is read once, and called in a job. */
function resolveNatively<T>(promiseLike: PromiseLike<T>): Promise<T> {
  let then: PromiseLike<T>["then"];
  try {
    if (promiseLike instanceof Promise) return Promise.resolve(promiseLike);
    then = promiseLike.then;
  } catch (error) {
    return Promise.reject(error);
  }
  if (typeof then !== "function") throw notThenable(promiseLike);
  return Promise.resolve({
    then: (onFulfilled, onRejected) => then.call(promiseLike, onFulfilled, onRejected) as never,
  });
}

function notThenable(value: unknown): TypeError {
  return new TypeError(`fromPromise() expects a promise or another thenable, got ${showResult(value)}`);
}

/** A future that was cancelled, or whose loop was closed, has nobody to tell. */
function isAwaited(future: Future<unknown>): boolean {
  return !future.done() && !future.getLoop().isClosed();
}

class FutureOfPromise<T> extends Future<T> {
  #onCancel: ((error: CancelledError) => void) | undefined;

  constructor(options: { loop?: EventLoop }, onCancel: ((error: CancelledError) => void) | undefined) {
    super(options);
    this.#onCancel = onCancel;
  }

  override cancel(message?: string | CancelledError): boolean {
    if (!super.cancel(message)) return false;
    const onCancel = this.#onCancel;
    this.#onCancel = undefined;
    try {
      onCancel?.(toCancelledError(message));
    } catch (error) {
      this.getLoop().callExceptionHandler({
        message: "Exception in fromPromise()'s onCancel",
        exception: error,
        future: this,
      });
    }
    return true;
  }
}
