const brand = Symbol.for("tsyncio.TimeoutError");

/**
 * The time was up. It carries the CancelledError it stands for, if there is one, as its `cause`.
 *
 * asyncio counterpart: `TimeoutError` (CPython's built-in).
 */
export class TimeoutError extends Error {
  static {
    Object.defineProperty(this.prototype, "name", { value: "TimeoutError", configurable: true, writable: true });
    Object.defineProperty(this.prototype, brand, { value: true });
  }

  /** Timeout errors of every loaded copy of this package are instances of every copy's class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!isOwnClass(this)) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** Outside of the class: one that names itself in its own body is built under another name, which users would see. */
function isOwnClass(value: unknown): boolean {
  return value === TimeoutError;
}
