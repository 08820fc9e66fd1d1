/**
 * What a cancelled coroutine, task or future ends with. It is thrown at the await, so that `finally` runs and may await.
 *
 * JavaScript has no BaseException: a bare `catch {}` catches it too. Let it pass: `if (error instanceof CancelledError) throw error`.
 *
 * asyncio counterpart: `asyncio.CancelledError`.
 */
export class CancelledError extends Error {
  override name = "CancelledError";

  constructor(message?: string, options?: ErrorOptions) {
    super(message, options);
  }

  /** Cancelled errors of every loaded copy of this package are instances of every copy's class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!isOwnClass(this)) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** Outside of the class: one that names itself in its own body is built under another name, which users would see. */
function isOwnClass(value: unknown): boolean {
  return value === CancelledError;
}

const brand = Symbol.for("tsyncio.CancelledError");
Object.defineProperty(CancelledError.prototype, brand, { value: true });

/** A future was asked for what its state does not allow. asyncio counterpart: `asyncio.InvalidStateError`. */
export class InvalidStateError extends Error {
  override name = "InvalidStateError";
}
