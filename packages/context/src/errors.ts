/** A key or variable that has no value. asyncio counterpart: `LookupError`. */
export class LookupError extends Error {
  override name = "LookupError";
}

/** Something was done at the wrong time or in the wrong place. asyncio counterpart: `RuntimeError`. */
export class RuntimeError extends Error {
  override name = "RuntimeError";
}
