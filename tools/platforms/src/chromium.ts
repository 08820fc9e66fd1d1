import { existsSync } from "node:fs";

/** Switches for a browser that talks to nobody but us. */
export const chromiumArguments: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is. `CHROMIUM` in the environment has precedence. */
export function chromiumBinary(): string {
  const given = process.env.CHROMIUM;
  const found = given === undefined ? places.find((place) => existsSync(place)) : given;
  if (found === undefined || !existsSync(found)) {
    throw new Error(
      `There is no Chromium at ${given ?? places.join(", ")}. On Debian: apt-get install chromium. Elsewhere say where it is: CHROMIUM=…`,
    );
  }
  return found;
}
