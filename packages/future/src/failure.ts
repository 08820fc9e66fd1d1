import type { EventLoop } from "@tsyncio/loop";

/** A failed future, as far as the report needs it. */
interface Failed {
  getLoop(): EventLoop;
}

/**
 * A failure nobody has asked for yet.
 *
 * It is reported when its future is collected, or when the run ends, whichever is first; and not at all once somebody
 * has seen it. It does not keep the future alive.
 */
export class UnretrievedFailure {
  private readonly _loop: EventLoop;
  readonly exception: unknown;
  private readonly _future: WeakRef<Failed & object>;
  private readonly _message: string;

  constructor(future: Failed & object, message: string, exception: unknown) {
    this._loop = future.getLoop();
    this._message = message;
    this.exception = exception;
    this._future = new WeakRef(future);
    this._loop._failures.add(this);
    collected.register(future, this, this);
  }

  /** Somebody has seen it. */
  retrieved(): void {
    this._loop._failures.delete(this);
    collected.unregister(this);
  }

  /** Tells the loop's exception handler, once. */
  report(): void {
    if (!this._loop._failures.has(this)) return;
    this.retrieved();
    const future = this._future.deref();
    this._loop.callExceptionHandler({
      message: this._message,
      exception: this.exception,
      ...(future === undefined ? {} : { future }),
    });
  }
}

const collected = new FinalizationRegistry<UnretrievedFailure>((failure) => failure.report());
