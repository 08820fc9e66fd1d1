import { expect, test } from "vitest";
import { inChunk } from "./chunks.ts";
import { Roster } from "./roster.ts";

class Member {
  _place = -1;
}

test("has those who are in, in the order they came, whoever leaves when", () => {
  let seed = 11;
  const random = (below: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  const roster = new Roster<Member>();
  const model: Member[] = [];
  for (let step = 0; step < 20_000; step++) {
    // It fills and empties by turns.
    if (random(100) < (step % 2_000 < 1_000 ? 60 : 40)) {
      const member = new Member();
      roster.add(member);
      model.push(member);
    } else if (model.length > 0) {
      const [member] = model.splice(random(model.length), 1);
      roster.delete(member!);
      expect(member!._place).toBe(-1);
    }
    expect(roster.size).toBe(model.length);
    if (step % 100 === 0) {
      const inside = [...roster];
      expect(inside.length).toBe(model.length);
      expect(inside.every((member, index) => member === model[index])).toBe(true);
    }
  }
});

for (const [order, leaving] of [
  ["the first first", (members: Member[]) => members],
  ["the last first", (members: Member[]) => members.toReversed()],
  ["from the middle outwards", (members: Member[]) => members.toSorted((a, b) => distance(a) - distance(b))],
] as const) {
  test(`10,000 leave, ${order}: the others are still there, and the room is given back`, () => {
    const roster = new Roster<Member>();
    const members = Array.from({ length: 10_000 }, () => new Member());
    for (const member of members) roster.add(member);
    const left = new Set(members);
    for (const member of leaving(members)) {
      roster.delete(member);
      left.delete(member);
      if (left.size % 1000 === 0) expect(new Set(roster)).toEqual(left);
      const { _chunks } = roster as unknown as { _chunks: unknown[] };
      const most = Math.max(2 * left.size, left.size + 33);
      // One chunk may be there for those who come next, and one that is not full.
      expect(_chunks.length).toBeLessThanOrEqual(Math.floor(most / (inChunk + 1)) + 2);
    }
    expect([...roster]).toEqual([]);
  });
}

function distance(member: Member): number {
  return Math.abs(member._place - 5_000);
}
