/** The command's way into the process: its streams, its signals, its exit code. */
import { command } from "./command.ts";

const controller = new AbortController();
const interrupt = () => controller.abort();
// Once: whoever presses Ctrl-C again means it.
process.once("SIGINT", interrupt);
process.once("SIGTERM", interrupt);

process.exitCode = await command(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY ? (text) => process.stderr.write(text) : null,
  signal: controller.signal,
});

process.off("SIGINT", interrupt);
process.off("SIGTERM", interrupt);
