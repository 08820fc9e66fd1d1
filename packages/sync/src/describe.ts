/** How every primitive prints: `<Lock [locked, waiters:2]>`. */
export function describe(primitive: object, state: string, nWaiting: number): string {
  const waiters = nWaiting === 0 ? "" : `, waiters:${nWaiting}`;
  return `<${primitive.constructor.name} [${state}${waiters}]>`;
}
