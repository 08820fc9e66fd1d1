import { relative } from "node:path";
import { command } from "../src/command.ts";

/** What the command said, and its exit code. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command within this process. */
export async function runCommand(args: readonly string[], signal = new AbortController().signal): Promise<Said> {
  let out = "";
  let err = "";
  const code = await command(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: null,
    signal,
  });
  return { code, out, err };
}

/** Each link's verdict by where it leads, from what `--json` said. */
export function verdictsOf({ out }: Said): Record<string, string> {
  const { links } = JSON.parse(out) as { links: { target: string; state: string; detail?: string }[] };
  return Object.fromEntries(
    links.map(({ target, state, detail }) => [target, detail === undefined ? state : `${state}: ${detail}`]),
  );
}

/** A path as the command shows it. */
export const shown = (path: string): string => relative(process.cwd(), path);
