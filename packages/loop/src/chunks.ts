/**
 * Lists that may grow long are kept in chunks: `list[place >> chunkShift]![place & inChunk]`.
 *
 * In one piece a list is copied again and again as it grows, into memory that is new to the process, and each page of that
 * costs a visit to the system. Besides, the engine notes for its collector each young object that is put into an old list,
 * and chunks are as young as what comes into them.
 */

/** A chunk has so many places that this is how far a place is shifted to get the chunk's … */
export const chunkShift = 9;
/** … and these are the bits that say which of its places. */
export const inChunk = (1 << chunkShift) - 1;

/** A chunk to make copies of. They have every element, so the engine takes them for lists of just such elements. */
export function chunkOf<T>(element: T): readonly T[] {
  return Array.from({ length: inChunk + 1 }, () => element);
}
