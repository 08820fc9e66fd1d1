/** How a queue keeps its items: what decides which one comes out next. */
export interface Store<T> {
  readonly length: number;
  /** Takes an item in; when it throws, nothing was changed. */
  put(item: T): void;
  /** Takes the next item out; there is one. When it throws, nothing was changed. */
  take(): T;
}
