import { inspect } from "node:util";

/** Receives what the running example prints, line by line. */
export type Sink = (line: string) => void;

let currentSink: Sink | null = null;

/** Sends what is printed from now on to `sink`; null when no example runs. */
export function setSink(sink: Sink | null): void {
  currentSink = sink;
}

/**
 * Prints one line of an example's output, as `console.log` would: strings as they are, the rest inspected.
 *
 * A job that outlives its example would print into the next one, so printing outside an example throws.
 */
export function print(...values: readonly unknown[]): void {
  if (currentSink === null) {
    throw new Error(
      `An example printed ${JSON.stringify(format(values))} when it was over already: wait for all it started.`,
    );
  }
  for (const line of format(values).split("\n")) currentSink(line);
}

function format(values: readonly unknown[]): string {
  return values
    .map((value) => {
      if (typeof value === "string") return value;
      if (value instanceof Error)
        return `${value.name}: ${value.message}`;
      return inspect(value, { breakLength: Infinity });
    })
    .join(" ");
}
