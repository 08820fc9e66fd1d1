/**
 * Python's `a < b`: numbers and strings among themselves, arrays as tuples (the first items that differ decide), and
 * objects with a primitive value, such as dates.
 *
 * JavaScript's own `<` has an answer for everything, mostly a wrong one: `[10, "a"] < [9, "b"]` is true (it compares
 * the texts), `{} < {}` false.
 *
 * @throws TypeError when the two cannot be compared.
 */
export function lessThan(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    const end = Math.min(a.length, b.length);
    for (let i = 0; i < end; i++) {
      if (!equal(a[i], b[i])) return lessThan(a[i], b[i]);
    }
    return a.length < b.length;
  }
  const left = primitive(a);
  const right = primitive(b);
  if (isNumeric(left) ? !isNumeric(right) : typeof left !== "string" || typeof right !== "string") {
    throw new TypeError(
      `'<' not supported between instances of '${kind(a)}' and '${kind(b)}'; ` +
        "give PriorityQueue a comparator: new PriorityQueue(maxsize, {compare: (a, b) => a.priority - b.priority})",
    );
  }
  return (left as number) < (right as number);
}

function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i]));
  return a === b || (isNumeric(a) && isNumeric(b) && Number(a) === Number(b));
}

function primitive(value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value.valueOf?.() : value;
}

function isNumeric(value: unknown): value is number | bigint | boolean {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean";
}

function kind(value: unknown): string {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  return value.constructor?.name ?? "object";
}
