import { dedent, trimBlank } from "./source.ts";

/** What an example may use of the tour around it. */
export interface Stage {
  /** Aborts when the reader presses Ctrl-C. */
  readonly signal: AbortSignal;
  /** Shows one line that the next one overwrites; nothing at all when the output is no terminal. */
  progress(line: string): void;
  /** How many storeys the tower shall have. */
  readonly height: number;
}

/** What the output must be: these very lines, or a judge that returns its complaint. */
export type Expectation =
  | readonly string[]
  | ((lines: readonly string[], stage: Stage) => string | undefined);

/** A paragraph, or several. */
export interface Saying {
  readonly kind: "saying";
  readonly paragraphs: readonly string[];
}

/** A listing that only others use. */
export interface Excerpt {
  readonly kind: "excerpt";
  readonly region: string;
}

/** A listing that is run, and whose output is shown and checked. */
export interface Example {
  readonly kind: "example";
  /** The region of the chapter's file that is shown; null when it stands above already. */
  readonly region: string | null;
  readonly run: (stage: Stage) => unknown;
  readonly expect: Expectation;
}

/** The same thing in two other languages of async, side by side. */
export interface Comparison {
  readonly kind: "comparison";
  readonly promise: Example & { readonly region: string };
  readonly asyncio: PythonProgram;
}

/** The example's counterpart in Python, alone. */
export interface Port {
  readonly kind: "port";
  readonly asyncio: PythonProgram;
}

/** A Python program: shown here, run by CPython in this app's tests. */
export interface PythonProgram {
  readonly lines: readonly string[];
  readonly prints: readonly string[];
}

type Part = Saying | Excerpt | Example | Comparison | Port;

export interface Chapter {
  /** What the reader types: `npm run tour -- sleep`. */
  readonly name: string;
  readonly title: string;
  /** The chapter's own file: `import.meta.url`. */
  readonly source: string;
  readonly parts: readonly Part[];
}

/** Narration; an empty line separates paragraphs, and code stands between backticks. */
export function say(text: string): Saying {
  const paragraphs = text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "");
  return { kind: "saying", paragraphs };
}

/** Shows a region that the next example uses. */
export function show(region: string): Excerpt {
  return { kind: "excerpt", region };
}

/** Shows the region, runs it, shows what it prints, and checks that. */
export function example(
  region: string,
  run: Example["run"],
  expect: Expectation,
): Example & { readonly region: string } {
  return { kind: "example", region, run, expect };
}

/** Runs the listing above in another way. */
export function again(run: Example["run"], expect: Expectation): Example {
  return { kind: "example", region: null, run, expect };
}

/** The example's counterpart with native promises, run and checked too, beside the one in Python. */
export function compare(
  promise: Comparison["promise"],
  asyncio: PythonProgram,
): Comparison {
  return { kind: "comparison", promise, asyncio };
}

/** The example's counterpart in Python, where native promises have none. */
export function port(asyncio: PythonProgram): Port {
  return { kind: "port", asyncio };
}

/** A program for CPython's asyncio, and what it prints there. */
export function python(
  source: string,
  prints: readonly string[],
): PythonProgram {
  return { lines: dedent(trimBlank(source.split("\n"))), prints };
}
