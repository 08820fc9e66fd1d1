import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./build.ts";
import { output } from "./measure.ts";
import { median } from "./statistics.ts";

export interface Load {
  readonly contender: string;
  /** To import it in a fresh process, without the start of the process itself. */
  readonly importMs: number;
  /** Everything it exports, minified, then gzipped. */
  readonly bytes: number;
}

const entries: Readonly<Record<string, string>> = {
  tsyncio: "tsyncio",
  effect: "effect",
  effection: "effection",
  bluebird: "bluebird",
  "core-js-pure": "core-js-pure/es/promise/index.js",
  "p-limit": "p-limit",
  "async-mutex": "async-mutex",
};

/** What it costs to load each library, whole. */
export async function measureLoad(node: string, rounds: number): Promise<Load[]> {
  const samples = new Map<string, number[]>(Object.keys(entries).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, entry] of Object.entries(entries)) samples.get(name)!.push(await importOnce(node, entry));
  }
  const loads: Load[] = [];
  for (const [contender, entry] of Object.entries(entries)) {
    loads.push({ contender, importMs: median(samples.get(contender)!), bytes: await size(entry) });
  }
  return loads;
}

const folder = `${root}/tools/bench`;

async function importOnce(node: string, entry: string): Promise<number> {
  const program = `const begun = performance.now(); await import(${JSON.stringify(entry)}); console.log(performance.now() - begun); process.exit(0)`;
  return Number(await output([node, "--input-type=module", "--eval", program], 60_000, folder));
}

async function size(entry: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `import * as all from ${JSON.stringify(entry)}; globalThis.all = all;`, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    write: false,
    logLevel: "silent",
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}
