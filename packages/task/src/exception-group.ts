/** Tells the errors `split` and `subgroup` look for: a class, several classes, or a function that answers yes or no. */
export type ErrorMatcher<E = unknown> = ErrorClass<E> | readonly ErrorClass<E>[] | ((error: unknown) => boolean);

type ErrorClass<E> = abstract new (...args: any[]) => E;

/** As in CPython's tracebacks: the errors of one group that are printed, and the groups inside groups. */
const printedErrors = 15;
const printedDepth = 10;

const brand = Symbol.for("tsyncio.ExceptionGroup");

/**
 * Several errors that happened independently, kept together; groups may hold groups.
 *
 * Its `errors` are those of an `AggregateError`, so whatever knows how to show one can show this.
 *
 * asyncio counterpart: `ExceptionGroup` (CPython's built-in).
 */
export class ExceptionGroup<E = unknown> extends AggregateError {
  static {
    Object.defineProperty(this.prototype, "name", { value: "ExceptionGroup", configurable: true, writable: true });
    Object.defineProperty(this.prototype, brand, { value: true });
  }

  /** Groups of every loaded copy of this package are instances of every copy's class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!isOwnClass(this)) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && brand in value;
  }

  declare errors: (E | ExceptionGroup<E>)[];

  /** The message without the count that `message` ends in. */
  declare readonly description: string;

  /**
   * @throws TypeError when the description is not a string, or `errors` is not iterable.
   * @throws RangeError when there is no error to hold.
   */
  constructor(description: string, errors: Iterable<E | ExceptionGroup<E>>, options?: ErrorOptions) {
    if (typeof description !== "string") {
      throw new TypeError(`an ExceptionGroup's description must be a string, got ${String(description)}`);
    }
    if (typeof (errors as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] !== "function") {
      throw new TypeError(`an ExceptionGroup's errors must be an iterable of errors, got ${String(errors)}`);
    }
    const held = [...errors];
    if (held.length === 0) throw new RangeError("an ExceptionGroup must hold at least one error, got none");
    const count = held.length === 1 ? "1 sub-exception" : `${held.length} sub-exceptions`;
    super(held, `${description} (${count})`, options);
    Object.defineProperty(this, "description", { value: description, configurable: true });
  }

  /** The errors held, as CPython calls them. */
  get exceptions(): (E | ExceptionGroup<E>)[] {
    return this.errors;
  }

  /**
   * The part that matches and the part that does not, each in groups of the same shape, or null when it is empty. A
   * group that matches as a whole is given as it is.
   *
   * asyncio counterpart: `ExceptionGroup.split`.
   */
  split(matcher: (error: unknown) => boolean): [ExceptionGroup<E> | null, ExceptionGroup<E> | null];
  split<C extends ErrorClass<any>>(
    matcher: C | readonly C[],
  ): [ExceptionGroup<InstanceType<C>> | null, ExceptionGroup<E> | null];
  split(matcher: ErrorMatcher): [ExceptionGroup<any> | null, ExceptionGroup<any> | null] {
    return this._split(predicate("split", matcher));
  }

  /**
   * The part that matches, in groups of the same shape, or null when nothing does.
   *
   * asyncio counterpart: `ExceptionGroup.subgroup`.
   */
  subgroup(matcher: (error: unknown) => boolean): ExceptionGroup<E> | null;
  subgroup<C extends ErrorClass<any>>(matcher: C | readonly C[]): ExceptionGroup<InstanceType<C>> | null;
  subgroup(matcher: ErrorMatcher): ExceptionGroup<any> | null {
    return this._split(predicate("subgroup", matcher))[0];
  }

  /**
   * A group of other errors that is like this one. `split` and `subgroup` make their groups with it: a class derived
   * from `ExceptionGroup` overrides it to make groups of its own kind.
   *
   * asyncio counterpart: `ExceptionGroup.derive`.
   */
  derive<M>(errors: readonly (M | ExceptionGroup<M>)[]): ExceptionGroup<M> {
    return groupOf(this.description, errors);
  }

  /** The group and everything in it as a tree, with stacks. What Node's `console.log` shows. */
  format(): string {
    const lines: string[] = [];
    printGroup(this, "  ", 1, true, lines);
    return lines.join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.format();
  }

  private _split(matches: (error: unknown) => boolean): [ExceptionGroup<any> | null, ExceptionGroup<any> | null] {
    if (matches(this)) return [this, null];
    // Not a recursion: groups may be nested deeper than the call stack.
    const stack: Splitting[] = [new Splitting(this)];
    for (;;) {
      const top = stack.at(-1)!;
      const { group, matching, others } = top;
      if (top.index < group.errors.length) {
        const error = group.errors[top.index++];
        if (matches(error)) matching.push(error);
        else if (isGroup(error)) stack.push(new Splitting(error));
        else others.push(error);
        continue;
      }
      stack.pop();
      const match = group._part(matching);
      const rest = group._part(others);
      const outer = stack.at(-1);
      if (outer === undefined) return [match, rest];
      if (match !== null) outer.matching.push(match);
      if (rest !== null) outer.others.push(rest);
    }
  }

  private _part(errors: unknown[]): ExceptionGroup | null {
    if (errors.length === 0) return null;
    const part = this.derive(errors);
    if (!isGroup(part)) {
      throw new TypeError(`${this.constructor.name}.derive() must give an ExceptionGroup, got ${String(part)}`);
    }
    if ("cause" in this) Object.defineProperty(part, "cause", { ...hidden, value: this.cause });
    // Where this group was made says more than where it was split.
    const frames = framesOf(this);
    if (frames !== null) part.stack = `${part}${frames}`;
    return part;
  }
}

// Outside of the class: one that names itself in its own body is built under another name, which users would see.

function groupOf<M>(message: string, errors: readonly (M | ExceptionGroup<M>)[]): ExceptionGroup<M> {
  return new ExceptionGroup(message, errors);
}

function isOwnClass(value: unknown): boolean {
  return value === ExceptionGroup;
}

function isGroup(value: unknown): value is ExceptionGroup<any> {
  return value instanceof ExceptionGroup;
}

/** A group that is being split: what is found so far, and how far it is. */
class Splitting {
  index = 0;
  readonly matching: unknown[] = [];
  readonly others: unknown[] = [];
  readonly group: ExceptionGroup<any>;

  constructor(group: ExceptionGroup<any>) {
    this.group = group;
  }
}

const hidden = { configurable: true, writable: true, enumerable: false };

function predicate(method: string, matcher: ErrorMatcher): (error: unknown) => boolean {
  if (Array.isArray(matcher) && matcher.length > 0 && matcher.every(isClass)) {
    return (error) => matcher.some((errorClass) => error instanceof errorClass);
  }
  if (typeof matcher === "function") {
    return isClass(matcher) ? (error) => error instanceof matcher : (matcher as (error: unknown) => boolean);
  }
  throw new TypeError(
    `ExceptionGroup.${method}() expects an error class, an array of them, or a function that tells, got ${String(matcher)}`,
  );
}

function isClass(value: unknown): value is ErrorClass<unknown> {
  if (typeof value !== "function") return false;
  const { prototype } = value;
  return prototype === Error.prototype || prototype instanceof Error || /^class\b/.test(String(value));
}

/** The lines of an error's stack below its own name and message, or null when it has none. */
function framesOf(error: Error): string | null {
  const header = String(error);
  return typeof error.stack === "string" && error.stack.startsWith(header) ? error.stack.slice(header.length) : null;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return `${typeof error}: ${String(error)}`;
  let text = typeof error.stack === "string" && error.stack !== "" ? error.stack : String(error);
  const seen = new Set<unknown>([error]);
  for (let cause = error.cause; cause instanceof Error && !seen.has(cause); cause = cause.cause) {
    seen.add(cause);
    text += `\ncaused by ${cause.stack ?? String(cause)}`;
  }
  return text;
}

/*
 *   + ExceptionGroup: … (2 sub-exceptions)       indent, "+ " on the outermost group's first line, "| " elsewhere
 *   |     at …
 *   +-+---------------- 1 ----------------       the first child opens a column two further right
 *     | TypeError: …
 *     +---------------- 2 ----------------
 *     | RangeError: …
 *     +------------------------------------      closed once, unless the last child is a group and has closed it
 */
function printGroup(group: ExceptionGroup, indent: string, depth: number, outermost: boolean, lines: string[]): void {
  for (const [index, line] of textOf(group).split("\n").entries()) {
    lines.push(`${indent}${outermost && index === 0 ? "+" : "|"} ${line}`);
  }
  const inner = `${indent}  `;
  const { errors } = group;
  const shown = errors.slice(0, printedErrors);
  for (const [index, error] of shown.entries()) {
    lines.push(`${index === 0 ? `${indent}+-` : inner}+---------------- ${index + 1} ----------------`);
    if (!(error instanceof ExceptionGroup)) {
      for (const line of textOf(error).split("\n")) lines.push(`${inner}| ${line}`);
    } else if (depth < printedDepth) {
      printGroup(error, inner, depth + 1, false, lines);
      if (index === errors.length - 1) return;
    } else {
      lines.push(`${inner}| ... (groups deeper than ${printedDepth} are not shown)`);
    }
  }
  const left = errors.length - shown.length;
  if (left > 0) {
    lines.push(`${inner}+---------------- ... ----------------`);
    lines.push(`${inner}| and ${left} more ${left === 1 ? "exception" : "exceptions"}`);
  }
  lines.push(`${inner}+------------------------------------`);
}
