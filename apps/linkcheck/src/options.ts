import { parseArgs } from "node:util";

export interface Options {
  readonly inputs: readonly string[];
  readonly json: boolean;
  /** Say nothing of links that are all right. */
  readonly quiet: boolean;
  /** List links to the web, fetch none. */
  readonly offline: boolean;
  /** Paths and addresses that are left out, with all that begins with them. */
  readonly exclude: readonly string[];
  /** How many requests to one host at a time. */
  readonly perHost: number;
  /** How many requests at a time. */
  readonly requests: number;
  /** How often a request that failed for a passing reason is made again. */
  readonly retries: number;
  /** How long one request may take. */
  readonly timeoutMs: number;
  /** How long to wait before the first retry; each further one waits twice as long. */
  readonly backoffMs: number;
  /** The longest wait a host may ask for with Retry-After. */
  readonly patienceMs: number;
  /** How long all of it may take; null: as long as it takes. */
  readonly deadlineMs: number | null;
}

/** The command line cannot be understood. */
export class UsageError extends Error {
  override name = "UsageError";
}

export const usage = `usage: linkcheck <file | folder | url>… [options]

Checks the links of Markdown and HTML: those to files and their anchors on disk, those to the web by asking.

  --offline            list the links to the web, fetch nothing
  --exclude <prefix>   leave out paths or addresses that begin so (may be repeated)
  --per-host <n>       requests to one host at a time (4)
  --requests <n>       requests at a time (32)
  --retries <n>        further attempts after a failure that may pass (2)
  --timeout <s>        seconds one request may take (15)
  --backoff <s>        seconds before the first retry, doubled for each further one (0.5)
  --patience <s>       the longest wait a host may ask for (30)
  --deadline <s>       seconds all of it may take
  --json               print the result as JSON
  --quiet              print nothing but what is wrong, and the sum
  --help

Exits with 0 when no link is broken, 1 when one is, 2 when the command line is wrong, 3 when the deadline came before
all links were checked (and none is known to be broken), 130 when it was interrupted.`;

/** @throws UsageError that says what is wrong. */
export function parseOptions(args: readonly string[]): Options | "help" {
  const { values, positionals } = parse(args);
  if (values.help) return "help";
  if (positionals.length === 0) throw new UsageError("give a file, a folder or an address to check");
  const seconds = (name: "timeout" | "backoff" | "patience" | "deadline", least: number): number | null => {
    const value = values[name];
    return value === undefined ? null : number(`--${name}`, value, least) * 1000;
  };
  const count = (name: "per-host" | "requests" | "retries", least: number, fallback: number): number => {
    const value = values[name];
    if (value === undefined) return fallback;
    const counted = number(`--${name}`, value, least);
    if (!Number.isInteger(counted)) throw new UsageError(`--${name} expects a whole number, got ${value}`);
    return counted;
  };
  return {
    inputs: positionals,
    json: values.json,
    quiet: values.quiet,
    offline: values.offline,
    exclude: values.exclude ?? [],
    perHost: count("per-host", 1, 4),
    requests: count("requests", 1, 32),
    retries: count("retries", 0, 2),
    timeoutMs: seconds("timeout", 0.001) ?? 15_000,
    backoffMs: seconds("backoff", 0) ?? 500,
    patienceMs: seconds("patience", 0) ?? 30_000,
    deadlineMs: seconds("deadline", 0),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        quiet: { type: "boolean", default: false },
        offline: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        exclude: { type: "string", multiple: true },
        "per-host": { type: "string" },
        requests: { type: "string" },
        retries: { type: "string" },
        timeout: { type: "string" },
        backoff: { type: "string" },
        patience: { type: "string" },
        deadline: { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value))
    throw new UsageError(`${name} expects a number, got ${JSON.stringify(text)}`);
  if (value < least) throw new UsageError(`${name} must be ${least} or more, got ${text}`);
  return value;
}
