import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";
import { inBackground } from "./background.ts";
import { chromiumArguments, chromiumBinary } from "./chromium.ts";
import type { Findings } from "./program.ts";
import type { Proven } from "./proofs.ts";

/** What the program finds in a page of Chromium, and what it proves in one that is in the background. */
export async function inChromium(
  program: string,
): Promise<{ version: string; findings: Findings; background: Proven }> {
  const server = createServer((request, response) => {
    // Isolated pages have SharedArrayBuffer, which a blocking loop needs.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    if (request.url === "/program.mjs") {
      response.setHeader("Content-Type", "text/javascript");
      createReadStream(program).pipe(response);
    } else {
      response.setHeader("Content-Type", "text/html");
      response.end('<!doctype html><title>tsyncio</title><script type="module" src="/program.mjs"></script>');
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const { port } = server.address() as AddressInfo;
    let version: string;
    let findings: Findings;
    const browser = await chromium.launch({ executablePath: chromiumBinary(), args: [...chromiumArguments] });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(90_000);
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.waitForFunction("globalThis.findings !== undefined");
      findings = (await page.evaluate("globalThis.findings")) as Findings;
      version = browser.version();
    } finally {
      await browser.close();
    }
    return { version, findings, background: await inBackground(`http://127.0.0.1:${port}/background`) };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
