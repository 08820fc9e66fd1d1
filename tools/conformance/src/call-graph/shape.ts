import { type FutureCallGraph, Task } from "@tsyncio/task";

/** A call graph as plain data. */
export interface Shape {
  /** The name of a task; null for a future. */
  readonly name: string | null;
  /** The names of the program's own coroutine functions, innermost first. */
  readonly stack: readonly string[];
  /** In no order of its own: in CPython it is a set. */
  readonly awaitedBy: readonly Shape[];
}

/** What a program saw at one point: the graph it captured, and the text of it. */
export interface Snapshot {
  readonly label: string;
  readonly graph: Shape | null;
  readonly text: string;
}

/** The coroutines of our own packages. They and asyncio's differ in name and number: only a program's own are compared. */
const ours = new Set([
  ...["sleep", "wait", "waitFor", "asCompleted", "taskGroup", "timeout", "hold", "acquire", "reacquire"],
  ...["put", "get", "join"],
]);

/** A graph captured here, as plain data. */
export function shapeOf({ future, callStack, awaitedBy }: FutureCallGraph): Shape {
  return {
    name: given(future instanceof Task ? future.getName() : undefined),
    stack: callStack.map(({ coroutine }) => coroutine.name).filter((name) => !ours.has(name)),
    awaitedBy: awaitedBy.map(shapeOf),
  };
}

/** The number in a task's default name depends on what ran before. */
function given(name: string | undefined): string | null {
  return name === undefined ? null : name.replace(/^Task-\d+$/, "Task-…");
}

/** With who awaits in alphabetical order. */
export function sorted({ name, stack, awaitedBy }: Shape): Shape {
  const shown = new Map(awaitedBy.map(sorted).map((one) => [one, JSON.stringify(one)]));
  return { name, stack, awaitedBy: [...shown.keys()].sort((a, b) => (shown.get(a)! < shown.get(b)! ? -1 : 1)) };
}

const futureLine = /^( *)\* (?:Task\(name='([^']*)', |Future\()id=0x[0-9a-f]+\)$/;
/** CPython's has the place in the source; here only the name is known of a coroutine that is suspended. */
const frameLine = /^( *) {2}\| {3}(?:File '([^']*)', line \d+, in )?(async |)([\w.<>]+)\(\)$/;

/**
 * Reads the text of a call graph, CPython's or ours, back into the graph. It takes no line that is not of the very form.
 *
 * @throws Error when one is not.
 */
export function read(text: string): Shape | null {
  const lines = text === "" ? [] : text.split("\n");
  let at = 0;
  const readAt = (indent: string): Shape => {
    const [, found, name] = matching(futureLine, lines[at++]);
    if (found !== indent) throw new Error(`"${lines[at - 1]}" is not indented by ${indent.length}`);
    const stack: string[] = [];
    if (lines[at] === `${indent}  + Call stack:`) {
      at++;
      while (lines[at]?.startsWith(`${indent}  | `)) {
        const [, , file, kind, path] = matching(frameLine, lines[at++]);
        const own = file === undefined ? !ours.has(path!) : file === "program.py";
        // A plain function that was called by the running task is a frame in Python; here its coroutine is.
        if (own && kind !== "") stack.push(path!.split(".").at(-1)!);
      }
    }
    const awaitedBy: Shape[] = [];
    if (lines[at] === `${indent}  + Awaited by:`) {
      at++;
      while (lines[at]?.startsWith(`${indent}    *`)) awaitedBy.push(readAt(`${indent}    `));
    }
    return { name: given(name), stack, awaitedBy };
  };
  if (lines.length === 0) return null;
  const shape = readAt("");
  if (at < lines.length) throw new Error(`"${lines[at]}" has no place in a call graph`);
  return shape;
}

function matching(form: RegExp, line: string | undefined): RegExpExecArray {
  const match = form.exec(line ?? "");
  if (match === null) throw new Error(`"${line ?? ""}" is no line of a call graph`);
  return match;
}

/** The text of a graph, without what differs from run to run and from language to language. */
export function write({ name, stack, awaitedBy }: Shape, indent = ""): string[] {
  return [
    `${indent}* ${name === null ? "Future()" : `Task(name='${name}')`}`,
    ...(stack.length === 0 ? [] : [`${indent}  + Call stack:`]),
    ...stack.map((one) => `${indent}  |   async ${one}()`),
    ...(awaitedBy.length === 0 ? [] : [`${indent}  + Awaited by:`]),
    ...awaitedBy.flatMap((one) => write(one, `${indent}    `)),
  ];
}
