import type { Random } from "../random.ts";
import type { Given, Statement } from "./program.ts";

/** Where in a program the generator stands when it makes a statement. */
export interface Site {
  readonly random: Random;
  /** The place of the function in the program. */
  readonly place: number;
  /** Whether it may await. */
  readonly awaits: boolean;
  /** Whether a `return` may stand here (not inside the body of a `hold`, a timeout or a group). */
  readonly mayReturn: boolean;
  readonly depth: number;
  /** A number of the program's own: which object of a kind most of its statements are about. */
  readonly favourite: number;
  /** What is held here: the locks and conditions of the `hold`s around. */
  readonly held: readonly string[];
  /** The places of the coroutines, and of the callbacks, that may be used here: those after this one. */
  readonly coroutines: readonly number[];
  readonly callbacks: readonly number[];
  /** The places of all coroutines. */
  readonly allCoroutines: readonly number[];
  /** A block one level deeper. */
  block(least: number, most: number, inside?: Partial<Site>): readonly Statement[];
  /** A scope's or group's name nobody has used yet. */
  fresh(kind: "scope" | "group" | "itself"): string;
  /** The names of scopes or groups this function has made so far. */
  made(kind: "scope" | "group" | "itself"): readonly string[];
  /** A statement of one's choice. */
  statement(op: string, given: Given): Statement;
}

/** What the generator decides on for a statement: nothing, when the operation cannot stand at this site. */
export type Made = { given?: Given; blocks?: readonly (readonly Statement[])[] } | undefined;

interface Common {
  readonly name: string;
  /** Profiles are dense in one family or several. */
  readonly family: string;
  /** How often it is chosen within its family. */
  readonly weight: number;
  make(site: Site): Made;
}

/** An operation that is one expression: what it gives, or throws, is logged. */
export interface ExpressionOperation extends Common {
  readonly form: "await" | "call";
  python(given: Given): string;
  typescript(given: Given): string;
}

/** Writes lines, each block one level deeper. */
export interface Writer {
  line(text: string): void;
  block(statements: readonly Statement[]): void;
  indent(write: () => void): void;
}

/** An operation with blocks inside. */
export interface BlockOperation extends Common {
  readonly form: "block";
  python(statement: Statement, writer: Writer): void;
  typescript(statement: Statement, writer: Writer): void;
}

export type Operation = ExpressionOperation | BlockOperation;

/** A string literal, the same in both languages. */
export const quoted = (text: unknown): string => JSON.stringify(text);
