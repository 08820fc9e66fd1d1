import { combinatorOperations } from "./combinators.ts";
import { contextOperations } from "./contexts.ts";
import { coreOperations } from "./core.ts";
import type { Operation } from "./operation.ts";
import { primitiveOperations } from "./primitives.ts";

/** Everything a program may do. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  [...coreOperations, ...contextOperations, ...combinatorOperations, ...primitiveOperations].map((operation) => [
    operation.name,
    operation,
  ]),
);

export function operation(name: string): Operation {
  const found = operations.get(name);
  if (found === undefined) throw new TypeError(`There is no operation named "${name}"`);
  return found;
}
