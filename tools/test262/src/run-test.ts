import type { Checkout } from "./checkout.ts";
import { type Metadata, metadataOf } from "./metadata.ts";
import type { Realms } from "./realm.ts";

/** What a script may take, and what an asynchronous test may take to say that it is through. */
const limitMs = 5_000;

/** Runs a test as its metadata asks, and gives why it failed, or null. */
export async function runTest(checkout: Checkout, test: string, realms: Realms): Promise<string | null> {
  const source = checkout.source(test);
  const metadata = metadataOf(source);
  if (metadata.flags.has("module")) return "it is a module, which is not supported here";
  for (const mode of modesOf(metadata)) {
    const problem = await runOnce(
      checkout,
      test,
      mode === "strict" ? `"use strict";\n${source}` : source,
      metadata,
      realms,
    );
    if (problem !== null) return `${mode}: ${problem}`;
  }
  return null;
}

type Mode = "sloppy" | "strict";

function modesOf({ flags }: Metadata): Mode[] {
  if (flags.has("onlyStrict")) return ["strict"];
  if (flags.has("noStrict") || flags.has("raw")) return ["sloppy"];
  return ["sloppy", "strict"];
}

async function runOnce(
  checkout: Checkout,
  test: string,
  source: string,
  metadata: Metadata,
  realms: Realms,
): Promise<string | null> {
  const isAsync = metadata.flags.has("async");
  const verdict = new Verdict();
  const realm = realms.create((line) => verdict.hear(line));
  const uncaught = (error: unknown) => verdict.settle(`not caught: ${show(error)}`);
  process.on("uncaughtException", uncaught);
  try {
    if (!metadata.flags.has("raw")) {
      const names = ["assert.js", "sta.js", ...(isAsync ? ["doneprintHandle.js"] : []), ...metadata.includes];
      for (const name of names) realm.evaluate(checkout.harness(name), name);
    }
    try {
      realm.evaluate(source, test, limitMs);
    } catch (error) {
      if (metadata.negative === null) return show(error);
      return nameOf(error) === metadata.negative ? null : `${metadata.negative} was expected, got ${show(error)}`;
    }
    if (metadata.negative !== null) return `${metadata.negative} was expected, and nothing was thrown`;
    // A synchronous test may still have left jobs behind; what they throw is its failure too.
    if (isAsync) return await verdict.within(limitMs);
    await new Promise((resolve) => setImmediate(resolve));
    return verdict.problem;
  } finally {
    process.off("uncaughtException", uncaught);
  }
}

/** What an asynchronous test says of itself: the harness prints it. */
class Verdict {
  problem: string | null = null;
  #lines = 0;
  #wake: () => void = () => {};
  readonly #heard = new Promise<void>((resolve) => {
    this.#wake = resolve;
  });

  hear(line: string): void {
    if (++this.#lines > 1) this.problem = `it said a second time that it is through: ${line}`;
    if (line === "Test262:AsyncTestComplete") this.#wake();
    else this.settle(line.replace("Test262:AsyncTestFailure:", ""));
  }

  settle(problem: string): void {
    this.problem ??= problem;
    this.#wake();
  }

  async within(timeMs: number): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(resolve, timeMs, "late");
    });
    const first = await Promise.race([this.#heard, late]);
    clearTimeout(timer);
    if (first === "late") this.problem ??= `it did not call $DONE within ${timeMs} ms`;
    // It may yet say so again.
    await new Promise((resolve) => setImmediate(resolve));
    return this.problem;
  }
}

function nameOf(error: unknown): string {
  return String((error as { constructor?: { name?: unknown } } | null)?.constructor?.name);
}

/** Objects of a test's realm are no instances of our Error. */
function show(error: unknown): string {
  try {
    if (typeof error !== "object" || error === null) return String(error);
    const { name = nameOf(error), message } = error as Partial<Error>;
    return `${name}: ${message}`;
  } catch (failure) {
    return `an error that cannot be shown: ${failure}`;
  }
}
