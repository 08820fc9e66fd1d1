/** Runs `body` while Array.prototype has setters that throw at the first indices: what is put into an array must not ask them. */
export function withArraySetters(count: number, body: () => void): void {
  const set = () => {
    throw new Error("a setter of Array.prototype was asked");
  };
  for (let index = 0; index < count; index++) {
    Object.defineProperty(Array.prototype, index, { set, configurable: true });
  }
  try {
    body();
  } finally {
    for (let index = 0; index < count; index++) Reflect.deleteProperty(Array.prototype, index);
  }
}
