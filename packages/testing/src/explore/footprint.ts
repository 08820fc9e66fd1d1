/** How a step touched an object. Two `join`s of one object commute, and two `read`s; a `write` commutes with nothing. */
export type Access = "read" | "join" | "write";

/** What one step touched: two steps that conflict in no object give the same result in either order. */
export class Footprint {
  /** True when the step may have touched anything: it conflicts with every other. */
  anything = false;
  /** By the objects' numbers in this run. */
  readonly #exact = new Map<number, Access>();
  /** By names that are the same in every run; objects no such name is known for go by the name of their class. */
  readonly #lasting = new Map<number, Access>();

  add(object: number, lastingName: number, access: Access): void {
    note(this.#exact, object, access);
    note(this.#lasting, lastingName, access);
  }

  /** Whether the step touched the object, and how. */
  accessTo(object: number): Access | undefined {
    return this.#exact.get(object);
  }

  /** Whether this step changed anything that is in `other`. */
  writesWhatIsIn(other: Footprint): boolean {
    for (const [object, access] of this.#exact) if (access !== "read" && other.#exact.has(object)) return true;
    return false;
  }

  /** Whether two steps of the same run conflict. */
  conflictsWith(other: Footprint): boolean {
    return this.anything || other.anything || conflict(this.#exact, other.#exact);
  }

  /** Whether steps of different runs may conflict: never wrongly no. */
  mayConflictWith(other: Footprint): boolean {
    return this.anything || other.anything || conflict(this.#lasting, other.#lasting);
  }
}

function note(accesses: Map<number, Access>, key: number, access: Access): void {
  const before = accesses.get(key);
  if (before === undefined) accesses.set(key, access);
  else if (before !== access) accesses.set(key, "write");
}

function conflict(ours: Map<number, Access>, theirs: Map<number, Access>): boolean {
  if (ours.size > theirs.size) return conflict(theirs, ours);
  for (const [key, access] of ours) {
    const other = theirs.get(key);
    if (other !== undefined && (access !== other || access === "write")) return true;
  }
  return false;
}
