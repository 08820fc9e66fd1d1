import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { killGroup } from "./command.ts";

/** A registry on loopback with no uplink: it knows only what is published to it. */
export class Registry {
  readonly #directory: string;
  #server: ChildProcess | undefined;
  #url = "";

  /** Everything it stores lies below `directory`, and goes with it. */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  get url(): string {
    return this.#url;
  }

  /** What npm and pnpm need in their environment to use this registry and touch nothing of the user's. */
  get environment(): Record<string, string> {
    const home = join(this.#directory, "home");
    mkdirSync(home, { recursive: true });
    const userConfig = join(home, ".npmrc");
    writeFileSync(userConfig, `registry=${this.url}\n${this.url.replace("http:", "")}:_authToken=rehearsal\n`);
    return {
      HOME: home,
      npm_config_userconfig: userConfig,
      npm_config_registry: this.url,
      npm_config_cache: join(home, "npm-cache"),
      npm_config_store_dir: join(home, "pnpm-store"),
      npm_config_audit: "false",
      npm_config_fund: "false",
      npm_config_update_notifier: "false",
    };
  }

  /** Starts it on a free port. Publishing the packages in `refused` is forbidden, as if they had failed. */
  async start(refused: readonly string[] = []): Promise<void> {
    const port = await freePort();
    this.#url = `http://127.0.0.1:${port}/`;
    const configFile = join(this.#directory, "verdaccio.yaml");
    writeFileSync(configFile, configuration(refused));
    const log = openSync(join(this.#directory, "verdaccio.log"), "a");
    this.#server = spawn(process.execPath, [verdaccio(), "--config", configFile, "--listen", `127.0.0.1:${port}`], {
      cwd: this.#directory,
      detached: true,
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    await this.#answers();
  }

  async #answers(): Promise<void> {
    const server = this.#server;
    for (let attempts = 0; attempts < 300; attempts++) {
      if (server?.exitCode !== null) break;
      try {
        const answer = await fetch(`${this.#url}-/ping`, { signal: AbortSignal.timeout(1000) });
        if (answer.ok) return;
      } catch {
        // It does not listen yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the registry did not start\n${readFileSync(join(this.#directory, "verdaccio.log"), "utf8")}`);
  }

  /** The versions of a package that the registry has. */
  async versions(name: string): Promise<string[]> {
    const answer = await fetch(`${this.#url}${name.replace("/", "%2f")}`, { signal: AbortSignal.timeout(10_000) });
    if (answer.status === 404) return [];
    return Object.keys(((await answer.json()) as { versions: Record<string, unknown> }).versions);
  }

  stop(): void {
    killGroup(this.#server?.pid);
    this.#server = undefined;
  }
}

function configuration(refused: readonly string[]): string {
  const forbidden = refused.map((name) => `  '${name}':\n    access: $all\n    publish: nobody\n`).join("");
  return `storage: ./storage
uplinks: {}
web:
  enable: false
packages:
${forbidden}  '**':
    access: $all
    publish: $anonymous
    unpublish: $anonymous
log: { type: stdout, format: pretty, level: warn }
`;
}

function verdaccio(): string {
  const manifestFile = createRequire(import.meta.url).resolve("verdaccio/package.json");
  const { bin } = JSON.parse(readFileSync(manifestFile, "utf8")) as { bin: string | Record<string, string> };
  return join(dirname(manifestFile), typeof bin === "string" ? bin : bin.verdaccio!);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
