/**
 * A tab of Chromium that is really behind another. A page that playwright drives is always visible, for it emulates focus; so
 * the browser is asked here by its own protocol, over a pipe.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { chromiumArguments, chromiumBinary } from "./chromium.ts";
import type { Proven } from "./proofs.ts";

const limitSeconds = 120;

/** What the page at `url` proves by its `proveHidden()`, once another tab is in front of it. */
export async function inBackground(url: string): Promise<Proven> {
  const profile = mkdtempSync(join(tmpdir(), "tsyncio-chromium-"));
  const browser = new Browser(profile);
  try {
    const page = await browser.tab(url);
    await browser.until(page, "globalThis.proveHidden !== undefined");
    await browser.tab("about:blank");
    return (await browser.evaluate(page, "globalThis.proveHidden()")) as Proven;
  } finally {
    await browser.end();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

class Browser {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #limit: NodeJS.Timeout;
  readonly #waiting = new Map<number, { answered(answer: Answer): void; failed(error: Error): void }>();
  #lastId = 0;
  #received = "";

  constructor(profile: string) {
    this.#process = spawn(
      chromiumBinary(),
      [...chromiumArguments, "--headless=new", "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank"],
      { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], detached: true },
    );
    this.#limit = setTimeout(() => this.#kill(), limitSeconds * 1000);
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        for (const { failed } of this.#waiting.values()) failed(new Error("Chromium ended"));
        resolve();
      };
      this.#process.once("exit", end).once("error", end);
    });
    const [, , , commands, answers] = this.#process.stdio as unknown as [null, null, null, Writable, Readable];
    commands.on("error", () => {});
    answers.setEncoding("utf8").on("data", (text: string) => {
      const messages = (this.#received + text).split("\0");
      this.#received = messages.pop()!;
      for (const message of messages) this.#receive(JSON.parse(message) as Answer);
    });
  }

  /** Opens a tab in front of those that are there, and gives the session to talk to it. */
  async tab(url: string): Promise<string> {
    const { targetId } = await this.#send("Target.createTarget", { url });
    const { sessionId } = await this.#send("Target.attachToTarget", { targetId, flatten: true });
    return sessionId as string;
  }

  async evaluate(sessionId: string, expression: string): Promise<unknown> {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", options, sessionId);
    if (exceptionDetails !== undefined) throw new Error(`in the page: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: unknown }).value;
  }

  /** Waits until an expression is true in a page, which may still be on its way to what it shows. */
  async until(sessionId: string, expression: string): Promise<void> {
    while ((await this.evaluate(sessionId, expression).catch(() => false)) !== true) {
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) throw new Error("Chromium ended");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async end(): Promise<void> {
    this.#kill();
    await this.#ended;
    clearTimeout(this.#limit);
  }

  #send(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    const commands = this.#process.stdio[3] as Writable;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        answered: ({ result, error }) =>
          error === undefined ? resolve(result!) : reject(new Error(`${method}: ${error.message}`)),
        failed: reject,
      });
      commands.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  #receive(answer: Answer): void {
    if (answer.id === undefined) return;
    this.#waiting.get(answer.id)?.answered(answer);
    this.#waiting.delete(answer.id);
  }

  #kill(): void {
    try {
      process.kill(-this.#process.pid!, "SIGKILL");
    } catch {
      // It has ended already, or was never started.
    }
  }
}
