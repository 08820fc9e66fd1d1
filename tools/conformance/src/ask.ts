/**
 * Asks CPython 3.14: runs a Python program on virtual time and prints what it prints.
 *
 *     pnpm --filter @tsyncio/conformance ask program.py      (or the program on standard input)
 *
 * The program calls `asyncio.run(...)` itself, or defines `async def main()`. `log(...)` prints the time and the task's name first.
 */
import { readFileSync } from "node:fs";
import { Oracle } from "./oracle/oracle.ts";

const source = readFileSync(process.argv[2] ?? 0, "utf8");
const oracle = await Oracle.start(["virtual_loop", "asked"], (text) => void process.stdout.write(text));
try {
  process.exitCode = Number(await oracle.ask("asked", "ask", source, 60_000));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await oracle.stop();
}
