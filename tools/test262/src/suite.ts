import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const source = fileURLToPath(new URL(".", import.meta.url));

/** By the test's name: why it failed, or null. */
export type Verdicts = ReadonlyMap<string, string | null>;

export interface SuiteOptions {
  /** Where `test/` and `harness/` are. */
  readonly folder: string;
  /** What is run: folders or files below `test/`. */
  readonly parts: readonly string[];
  readonly node: string;
  /** Whose promises: the platform's own, or those of a storey of the tower. */
  readonly promises: "native" | number;
  readonly limitMs: number;
}

/** The programs a process with tests consists of. They run under any Node, without anything installed. */
export class Programs {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async compile(): Promise<Programs> {
    const folder = mkdtempSync(join(tmpdir(), "tsyncio-test262-"));
    const common: BuildOptions = {
      bundle: true,
      target: "es2022",
      platform: "node",
      conditions: ["@tsyncio/source"],
      logLevel: "error",
    };
    await build({
      ...common,
      entryPoints: [join(source, "child.ts")],
      outfile: join(folder, "child.mjs"),
      format: "esm",
    });
    await build({
      ...common,
      entryPoints: [join(source, "promises.ts")],
      outfile: join(folder, "promises.js"),
      format: "iife",
      globalName: "library",
    });
    return new Programs(folder);
  }

  /** Runs the tests in a process of their own. */
  run({ folder, parts, node, promises, limitMs }: SuiteOptions): Promise<Verdicts> {
    const command = [join(this.#folder, "child.mjs"), folder, join(this.#folder, "promises.js"), String(promises)];
    return new Promise((resolve, reject) => {
      execFile(
        node,
        [...command, ...parts],
        { timeout: limitMs, killSignal: "SIGKILL", maxBuffer: 2 ** 26 },
        (error, stdout, stderr) => {
          if (error === null) {
            resolve(
              new Map(
                stdout
                  .split("\n")
                  .filter(Boolean)
                  .map((line) => JSON.parse(line) as [string, string | null]),
              ),
            );
          } else {
            reject(new Error(`The tests ended with ${error.signal ?? error.code}: ${stderr.trim().slice(-2000)}`));
          }
        },
      );
    });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
