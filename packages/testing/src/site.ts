/** A place in a source file. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `file:line:column`, the file by its last two folders. */
  readonly text: string;
}

/** The packages' own files: what a user wants to see is the place in their own code. */
const ours =
  /(?:node_modules\/(?:@tsyncio\/|tsyncio\/)|packages\/(?:context|loop|future|promise-interop|coroutine|task|sync|queue|testing|tsyncio)\/(?:src|dist)\/)/;
const tests = /\.test(?:-d)?\.[cm]?[jt]sx?(?::|$)/;

/** The first place of a stack trace that is in the user's own code; null when there is none. */
export function siteOf(stack: string): Site | null {
  for (const line of stack.split("\n")) {
    const match = /(?:\(|\bat (?:async )?|@)((?:file:\/\/)?[^()\s]+?):(\d+):(\d+)\)?\s*$/.exec(line);
    if (match === null) continue;
    // A development server adds a query to the address of a module.
    const file = match[1]!.replace(/^file:\/\//, "").replace(/\?.*$/, "");
    if (file.startsWith("node:") || (ours.test(file) && !tests.test(file))) continue;
    const short = file.split(/[\\/]/).slice(-2).join("/");
    return { file, line: Number(match[2]), column: Number(match[3]), text: `${short}:${match[2]}:${match[3]}` };
  }
  return null;
}
