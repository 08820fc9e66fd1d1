import { RuntimeError } from "@tsyncio/context";

/** Virtual time cannot do what was asked of it: the message says what, and how to do without. */
export class VirtualTimeError extends RuntimeError {
  override name = "VirtualTimeError";
}

/** A replay token could not be followed: it is malformed, or the program is another one. */
export class ReplayError extends RuntimeError {
  override name = "ReplayError";
}

/** A program did something else when it was run again under the same schedule. */
export class NondeterministicProgramError extends RuntimeError {
  override name = "NondeterministicProgramError";

  constructor() {
    super(
      "the program did something else under the same schedule: it depends on random numbers, the time of day, or state that outlives a run; make its state anew in each run, and inject the rest",
    );
  }
}
