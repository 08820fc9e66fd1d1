import { sleep } from "@tsyncio/task";
import type { Findings } from "./findings.ts";

const everyMs = 100;

/** Shows on one line of a terminal how far it is, until it is cancelled; then wipes the line. */
export function* showProgress(findings: Findings, write: (text: string) => void) {
  try {
    for (;;) {
      const { documents, links, decided } = findings;
      write(`\r\x1b[K${documents.length} documents, ${decided} of ${links.length} links`);
      yield* sleep(everyMs);
    }
  } finally {
    write("\r\x1b[K");
  }
}
