import { inspect, isDeepStrictEqual } from "node:util";

/**
 * What an example's `// => value` comments become when it runs. Failures are collected and not thrown: an example
 * about errors may well catch them.
 */
const failures: string[] = [];
let unreached = new Set<number>();

/** Tells which lines have a value to check, so that one which is never reached does not pass. */
export function expectChecks(lines: readonly number[]): void {
  unreached = new Set(lines);
}

/** Compares a value with its comment, and gives it back. */
export function check<T>(value: T, expected: string, line: number): T {
  unreached.delete(line);
  if (!isAsWritten(value, expected)) failures.push(`line ${line}: says => ${expected} but it is ${inspect(value)}`);
  return value;
}

function isAsWritten(value: unknown, expected: string): boolean {
  const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
  if (oneLine(inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY })) === oneLine(expected)) return true;
  if (typeof value === "object" && value !== null && oneLine(String(value)) === oneLine(expected)) return true;
  try {
    return isDeepStrictEqual(value, new Function(`return (${expected});`)());
  } catch {
    return false; // not an expression, and not what the value looks like either
  }
}

process.on("exit", () => {
  for (const line of unreached) failures.push(`line ${line}: was never reached`);
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
});
