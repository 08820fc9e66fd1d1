/**
 * A program in a form that belongs to no language: functions made of statements, a statement being the name of an
 * operation, what it is given, and the blocks inside it. It is plain JSON.
 */
export interface Program {
  readonly profile: string;
  readonly seed: number;
  /** The first is the main coroutine. One may only call or start those after it, so that every program ends. */
  readonly functions: readonly ProgramFunction[];
  /** The places of the coroutines a Runner runs one after another. Without it, main alone is run, as a task of the loop. */
  readonly runs?: readonly number[];
}

export interface ProgramFunction {
  /** A coroutine may await; a callback may not. */
  readonly kind: "coroutine" | "callback";
  readonly body: Block;
}

export type Block = readonly Statement[];

export interface Statement {
  readonly op: string;
  /** What its lines in the trace are marked with. */
  readonly id: string;
  readonly given: Given;
  readonly blocks: readonly Block[];
}

/** The values a statement is given. */
export type Given = Readonly<Record<string, Value>>;
export type Value = number | string | boolean | null | readonly string[];

/** How many statements a program has, nested ones included. */
export function sizeOf(program: Program): number {
  const count = (block: Block): number =>
    block.reduce((sum, { blocks }) => sum + 1 + blocks.reduce((inner, nested) => inner + count(nested), 0), 0);
  return program.functions.reduce((sum, { body }) => sum + count(body), 0);
}

/** What a function is called in the printed program: `c` for a coroutine, `k` for a callback, and its place. */
export function functionName(functions: readonly ProgramFunction[], place: number): string {
  return `${functions[place]?.kind === "callback" ? "k" : "c"}${place}`;
}
