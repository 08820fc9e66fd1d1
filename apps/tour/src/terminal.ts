/** Where the tour writes, and which keys it hears: the part of a process it needs, so that a test can stand in. */
export interface Terminal {
  readonly output: {
    write(text: string): unknown;
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
  };
  readonly errors: { write(text: string): unknown };
  readonly input: KeySource;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface KeySource {
  readonly isTTY?: boolean | undefined;
  setRawMode?(raw: boolean): unknown;
  on(event: "data", hear: (keys: Uint8Array | string) => void): unknown;
  off(event: "data", hear: (keys: Uint8Array | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

const controlC = "\x03";

/** What the reader wants: go on, leave, or (Ctrl-C, or a signal from outside) stop at once. */
export type Answer = "on" | "leave" | "interrupt";

/**
 * Waits for one key.
 *
 * The terminal is raw only while waiting, and gets its old mode back whatever happens.
 */
export function waitForKey(
  input: KeySource,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const finish = (answer: Answer) => {
      input.off("data", hear);
      signal.removeEventListener("abort", stop);
      input.pause();
      input.setRawMode?.(false);
      resolve(answer);
    };
    const stop = () => finish("interrupt");
    const hear = (keys: Uint8Array | string) => {
      const text =
        typeof keys === "string" ? keys : new TextDecoder().decode(keys);
      if (text.startsWith(controlC)) finish("interrupt");
      else finish(text.toLowerCase() === "q" ? "leave" : "on");
    };
    if (signal.aborted) {
      resolve("interrupt");
      return;
    }
    signal.addEventListener("abort", stop);
    input.on("data", hear);
    input.setRawMode?.(true);
    input.resume();
  });
}
