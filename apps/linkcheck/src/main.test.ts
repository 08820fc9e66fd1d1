import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { folderOf } from "../test/folder.ts";
import { serve } from "../test/servers.ts";

const program = join(import.meta.dirname, "../bin/linkcheck.mjs");
const children = new Set<ChildProcess>();

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});

/** Starts the program; it is killed before the test is given up, and after the test. */
function start(args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 50_000,
    killSignal: "SIGKILL",
  });
  children.add(child);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = once(child, "close").then(([code]: unknown[]) => ({ code, out, err }));
  return { child, ended };
}

/** The program while it waits for an answer that does not come. */
async function waiting(options: readonly string[]) {
  let asked: () => void;
  const reached = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const server = await serve(() => asked());
  const started = start([folderOf({ "a.md": `[good](a.md) <${server}/slow>` }), ...options]);
  await reached;
  return started;
}

describe("the program", () => {
  it("exits with 0 when all links are fine, 1 when one is broken, 2 when its command line is wrong", async () => {
    const folder = folderOf({ "good.md": "[a](good.md)", "bad.md": "[a](none.md)" });
    const runs = await Promise.all(
      [[join(folder, "good.md")], [join(folder, "bad.md")], ["--unknown"]].map((args) => start(args).ended),
    );
    expect(runs.map(({ code }) => code)).toEqual([0, 1, 2]);
    expect(runs[0]!.out).toBe("1 links in 1 documents: 1 fine\n");
    expect(runs[1]!.out).toContain("1 links in 1 documents: 1 broken\n");
    expect(runs[2]!.out).toBe("");
    expect(runs[2]!.err).toMatch(/^linkcheck: Unknown option '--unknown'/);
    // Nothing of a progress line, where there is no terminal.
    expect(runs.slice(0, 2).map(({ err }) => err)).toEqual(["", ""]);
  });

  it("prints JSON for programs, and the same exit code", async () => {
    const folder = folderOf({ "a.md": "[good](a.md) [bad](none.md)" });
    const { code, out } = await start([folder, "--json"]).ended;
    expect(code).toBe(1);
    const { links } = JSON.parse(out) as { links: { target: string; state: string }[] };
    expect(links.map(({ target, state }) => [target, state])).toEqual([
      ["a.md", "ok"],
      ["none.md", "broken"],
    ]);
  });

  it("exits with 3 when its deadline came first, and says what is known", async () => {
    const server = await serve(() => {});
    const folder = folderOf({ "a.md": `<${server}/slow>` });
    const { code, out } = await start([folder, "--deadline", "1"]).ended;
    expect(code).toBe(3);
    expect(out).toContain(" 1 not checked\n");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("prints what is known and exits with 130 on %s", async (signal) => {
    const { child, ended } = await waiting([]);
    child.kill(signal);
    const { code, out } = await ended;
    expect(code).toBe(130);
    expect(out).toMatch(/unchecked {2}http.*\/slow\n2 links in 1 documents: 1 fine, 1 not checked\nInterrupted before/);
  });

  it("prints what is known as JSON when it is interrupted", async () => {
    const { child, ended } = await waiting(["--json"]);
    child.kill("SIGINT");
    const { code, out } = await ended;
    expect(code).toBe(130);
    const { links } = JSON.parse(out) as { links: { state: string }[] };
    expect(links.map(({ state }) => state)).toEqual(["ok", "unchecked"]);
  });
});
