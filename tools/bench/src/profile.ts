import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./cases.ts";
import { type Effort, type Entrant, measureOnce } from "./measure.ts";

/** What V8's sampling profiler writes, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** The node of each sample. */
  readonly samples: readonly number[];
  /** Microseconds from the sample before to each one. */
  readonly timeDeltas: readonly number[];
}

/** A function, and its own share of the time: what it calls does not count, even where that was inlined. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

/**
 * The share of each function, the largest first, of the samples after `skippedShare` of the time: before that the engine
 * loads and compiles.
 */
export function shares(profile: CpuProfile, skippedShare = 0.5): Share[] {
  const total = profile.timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const spent = new Map<string, number>();
  let time = 0;
  let counted = 0;
  for (const [index, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[index] ?? 0;
    time += delta;
    const name = names.get(id) ?? "(unknown)";
    if (time <= total * skippedShare || name === "(idle)") continue;
    spent.set(name, (spent.get(name) ?? 0) + delta);
    counted += delta;
  }
  return [...spent]
    .map(([name, own]) => ({ name, share: own / counted }))
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}

function nameOf({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  if (functionName.startsWith("(")) return functionName;
  const name = functionName || "anonymous";
  const built = /\/packages\/([^/]+)\/dist\//.exec(url);
  if (built !== null) return `${name} ${built[1]}`;
  const file = url.startsWith("node:")
    ? url
    : url
        .split("/")
        .at(-1)!
        .replace(/-[A-Z0-9]{8}\.mjs$/, "");
  return file === "" ? name : `${name} ${file}:${lineNumber + 1}`;
}

/** Runs a case once under V8's sampling profiler, and gives the shares. */
export async function profileOf(task: Case, one: Pick<Entrant, "command">, effort: Effort): Promise<Share[]> {
  const folder = mkdtempSync(join(tmpdir(), "tsyncio-profile-"));
  try {
    const command: Entrant["command"] = (...of) => {
      const [node, ...rest] = one.command(...of);
      return [node, "--cpu-prof", "--cpu-prof-interval=200", `--cpu-prof-dir=${folder}`, ...rest];
    };
    await measureOnce(task, { command }, { ...effort, warmUpMs: 2_000, budgetMs: 2_000 });
    const [file] = readdirSync(folder);
    if (file === undefined) throw new Error(`${task.name}: the process wrote no profile.`);
    return shares(JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A table of the largest shares, for the terminal. */
export function shareTable(all: readonly Share[], most = 16): string {
  const lines = all.slice(0, most).map(({ name, share }) => `${percent(share)}  ${name}`);
  const rest = all.slice(most).reduce((sum, { share }) => sum + share, 0);
  if (rest > 0) lines.push(`${percent(rest)}  others`);
  return lines.join("\n");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`.padStart(7);
}
