import { execFile, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "tsyncio-recipes-"));
const installed = join(project, "node_modules");

/** Puts a package there as it is published, but for its types. */
async function install(name: string): Promise<void> {
  const [from, to] = [join(root, "packages", name), join(installed, "@tsyncio", name)];
  mkdirSync(to, { recursive: true });
  cpSync(join(from, "package.json"), join(to, "package.json"));
  const tsup = join(root, "node_modules/tsup/dist/cli-default.js");
  const options = ["--config", join(root, "tools/config/tsup.config.ts"), "--no-dts", "--out-dir", join(to, "dist")];
  await promisify(execFile)(process.execPath, [tsup, ...options], {
    cwd: from,
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
}

beforeAll(async () => {
  const names = readdirSync(join(root, "packages")).filter((name) => name !== "tsyncio");
  const worker = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) await install(name);
  };
  await Promise.all([worker(), worker()]);
  symlinkSync(realpathSync(join(root, "node_modules/vitest")), join(installed, "vitest"));
  cpSync(join(root, "tools/recipes/published"), project, { recursive: true });
}, 240_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

test("the guards are a set-up file by their bare name, where the package is installed as published", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, "vitest/vitest.mjs"), "run"], {
    cwd: project,
    encoding: "utf8",
    timeout: 100_000,
    killSignal: "SIGKILL",
    env: { ...process.env, CI: "1", NO_COLOR: "1", NODE_OPTIONS: "", VITEST: undefined, NODE_V8_COVERAGE: undefined },
  });
  const output = `${stdout}${stderr}`;
  expect(output).toMatch(/Tests +1 failed \| 2 passed \(3\)/);
  expect(output).toContain('a task is left: <Task pending name="forgotten"');
  expect(output).not.toContain("meant to be left");
  expect(status).toBe(1);
}, 120_000);
