import { chunkOf, chunkShift, inChunk } from "./chunks.ts";

/** What stands in a roster. */
interface Listed {
  /** Its place there, which the roster keeps; negative while it is in none. */
  _place: number;
}

/** Fewer vacant places than this are not worth closing up. */
const fewVacant = 32;

const noMembers = chunkOf<any>(null);

/**
 * The members of a group in the order they came in. To enter and to leave costs O(1), counted over the life of the members.
 *
 * A list with gaps, closed up when most of it is gaps. One threaded through the members would be shorter; but the
 * collector of young objects follows that one by one, and 100,000 tasks took a fifth longer.
 */
export class Roster<M extends Listed> {
  /** The places, in chunks; null where nobody is. */
  private _places: (M | null)[][] = [noMembers.slice()];
  /** The place of the next to come. The one before is never vacant. */
  private _end = 0;
  private _vacant = 0;

  /** How many are in. */
  get size(): number {
    return this._end - this._vacant;
  }

  /** Lets in one who is in no roster. */
  add(member: M): void {
    const place = this._end++;
    if (place >> chunkShift === this._places.length) this._places.push(noMembers.slice());
    member._place = place;
    this._places[place >> chunkShift]![place & inChunk] = member;
  }

  /** Lets out one who is in. */
  delete(member: M): void {
    const place = member._place;
    member._place = -1;
    this._places[place >> chunkShift]![place & inChunk] = null;
    if (place === this._end - 1) {
      this._end = place;
      if (this._vacant > 0 || (place & inChunk) === 0) this._trim();
    } else {
      this._vacant++;
      if (this._vacant > fewVacant && this._vacant > this._end / 2) this._closeUp();
    }
  }

  /** Those who are in, the first to come first. */
  *[Symbol.iterator](): Generator<M, void, undefined> {
    for (let place = 0; place < this._end; place++) {
      const member = this._places[place >> chunkShift]![place & inChunk];
      if (member != null) yield member;
    }
  }

  /** A roster that empties from its end stays short. */
  private _trim(): void {
    while (this._vacant > 0 && this._places[(this._end - 1) >> chunkShift]![(this._end - 1) & inChunk] === null) {
      this._end--;
      this._vacant--;
    }
    this._giveBack();
  }

  private _closeUp(): void {
    const before = this._end;
    this._end = 0;
    this._vacant = 0;
    for (let place = 0; place < before; place++) {
      const chunk = this._places[place >> chunkShift]!;
      const member = chunk[place & inChunk]!;
      if (member === null) continue;
      chunk[place & inChunk] = null;
      this.add(member);
    }
    this._giveBack();
  }

  /** Lets go of chunks that are not needed. */
  private _giveBack(): void {
    this._places.length = Math.min(this._places.length, (this._end >> chunkShift) + 1);
  }
}
