/**
 * Long lists are kept in chunks of this many places, a power of two: `list[place >> chunkShift]![place & inChunk]`.
 *
 * A list that grows in one piece is copied again and again into memory that is new to the process, and each page of that
 * costs a visit to the system: a million timers took three times as long for it. Besides, the engine notes for its collector
 * every young object put into an old list, and chunks are as young as what comes into them.
 */
export const chunkShift = 9;
export const chunkLength = 1 << chunkShift;
/** The bits of a place that say where in its chunk it is. */
export const inChunk = chunkLength - 1;

/** A chunk to be copied: every element is there, so the engine takes its copies for lists of just such elements. */
export function chunkOf<T>(element: T): readonly T[] {
  return Array.from({ length: chunkLength }, () => element);
}
