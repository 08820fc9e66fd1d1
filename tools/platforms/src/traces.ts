import recorded from "../../conformance/recorded/programs.json" with { type: "json" };
import { type Recording, replay } from "../../conformance/src/replay.ts";
import type { Proven } from "./proofs.ts";

/** Replays the programs whose traces CPython gave. */
export function replayAll(): Proven {
  const { passed, failures } = replay(recorded as unknown as Recording[]);
  return { passed, failed: failures };
}
