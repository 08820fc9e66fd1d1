import type { Chapter } from "./chapter.ts";
import { exitCodes, giveTour } from "./tour.ts";

/** Gives the tour on this process: its command line, its terminal, its signals, its exit code. */
export async function start(chapters: readonly Chapter[]): Promise<void> {
  const leave = new AbortController();
  const interrupt = () => {
    // Asked twice: the clean way takes too long for the reader.
    if (leave.signal.aborted) {
      if (process.stdin.isTTY) process.stdin.setRawMode(false);
      process.exit(exitCodes.stopped);
    }
    leave.abort(new Error("stopped with Ctrl-C"));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  // The reader of a pipe may leave early, as `head` does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(exitCodes.asTold);
  });
  try {
    process.exitCode = await giveTour(
      chapters,
      process.argv.slice(2),
      {
        output: process.stdout,
        errors: process.stderr,
        input: process.stdin,
        environment: process.env,
      },
      leave.signal,
    );
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
