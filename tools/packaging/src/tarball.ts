import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Packs a package just as publishing would, and gives the tarball's bytes. */
export function tarballOf(packageDirectory: string): Uint8Array<ArrayBuffer> {
  const destination = mkdtempSync(join(tmpdir(), "tsyncio-pack-"));
  try {
    execFileSync("pnpm", ["pack", "--pack-destination", destination], {
      cwd: packageDirectory,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 60_000,
      killSignal: "SIGKILL",
    });
    const [file] = readdirSync(destination);
    if (file === undefined) throw new Error(`${packageDirectory}: pnpm pack wrote no tarball`);
    return new Uint8Array(readFileSync(join(destination, file)));
  } finally {
    rmSync(destination, { recursive: true, force: true });
  }
}
