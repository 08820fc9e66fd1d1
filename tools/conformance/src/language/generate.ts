import { Random } from "../random.ts";
import type { ExpressionOperation, Operation, Site } from "./operation.ts";
import { operation, operations } from "./operations.ts";
import type { Profile } from "./profiles.ts";
import { profiles } from "./profiles.ts";
import type { Block, Program, ProgramFunction, Statement } from "./program.ts";

/** Makes the program of a seed: always the same one for the same seed and profile. */
export function generate(seed: number, profileName: string): Program {
  const profile = profiles[profileName];
  if (profile === undefined) throw new TypeError(`There is no profile named "${profileName}"`);
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ hash(profileName));
  const kinds: ProgramFunction["kind"][] = ["coroutine"];
  for (let left = profile.crowd ? random.between(1, 3) : random.between(2, 4); left > 0; left--) {
    kinds.push("coroutine");
  }
  for (let left = random.between(1, 2); left > 0; left--) {
    kinds.splice(random.between(1, kinds.length), 0, "callback");
  }
  const favourite = random.between(0, 999);
  const functions = kinds.map((kind, place): ProgramFunction => {
    const maker = new Maker(random, profile, kinds, place, favourite);
    return {
      kind,
      body: place === 0 ? maker.main() : maker.block(kind === "callback" ? 1 : 2, kind === "callback" ? 3 : 6),
    };
  });
  const program = { profile: profileName, seed, functions };
  if (!profile.runs) return program;
  const coroutines = [...kinds.keys()].filter((place) => kinds[place] === "coroutine");
  const others = Array.from({ length: random.between(1, 3) }, () => random.pick(coroutines));
  return { ...program, runs: [0, ...others] };
}

function hash(text: string): number {
  let mixed = 0;
  for (const letter of text) mixed = (Math.imul(mixed, 31) + letter.charCodeAt(0)) | 0;
  return mixed;
}

/** What may be chosen, with its weights, by profile, and by whether one may await and how deep one is. */
const known = new Map<Profile, Map<string, readonly (readonly [string, number])[]>>();

/** Makes the statements of one function. */
class Maker {
  readonly #random: Random;
  readonly #profile: Profile;
  readonly #place: number;
  readonly #site: Site;
  #lastId = 0;
  readonly #made: string[] = [];

  constructor(
    random: Random,
    profile: Profile,
    kinds: readonly ProgramFunction["kind"][],
    place: number,
    favourite: number,
  ) {
    this.#random = random;
    this.#profile = profile;
    this.#place = place;
    const places = [...kinds.keys()];
    const awaits = kinds[place] === "coroutine";
    this.#site = this.#at({
      random,
      place,
      awaits,
      mayReturn: true,
      depth: 0,
      favourite,
      held: [],
      coroutines: places.filter((other) => other > place && kinds[other] === "coroutine"),
      callbacks: places.filter((other) => other > place && kinds[other] === "callback"),
      allCoroutines: places.filter((other) => kinds[other] === "coroutine"),
      fresh: (kind) => {
        const name = `${kind}${place * 10 + this.#made.length}`;
        this.#made.push(name);
        return name;
      },
      made: (kind) => this.#made.filter((name) => name.startsWith(kind)),
      statement: (op, given) => this.#statement(op, { given }),
    });
  }

  #at(site: Omit<Site, "block">): Site {
    const here: Site = {
      ...site,
      block: (least, most, inside = {}) =>
        this.#block(this.#at({ ...site, ...inside, depth: site.depth + 1 }), least, most),
    };
    return here;
  }

  block(least: number, most: number): Block {
    const first = this.#site.awaits ? this.#maybe(this.#profile.first) : [];
    return [...first, ...this.#block(this.#site, least, most)];
  }

  /** The operation, if there is one, most of the time. */
  #maybe(name: string | undefined): Block {
    const made = name !== undefined && this.#random.chance(0.7) ? operation(name).make(this.#site) : undefined;
    return name === undefined || made === undefined ? [] : [this.#statement(name, made)];
  }

  /** Main starts everything first, so that there is somebody to wait for, to cancel and to compete with. */
  main(): Block {
    const statements: Statement[] = [];
    const start = this.#profile.eager ? ["create eager task", "create task"] : ["create task"];
    const again = () => this.#site.coroutines.filter(() => this.#random.chance(this.#profile.crowd ? 0.75 : 0.4));
    const places = [...this.#site.coroutines, ...again(), ...(this.#profile.crowd ? again() : [])];
    for (const place of places) {
      statements.push(this.#statement(this.#random.pick(start), { given: { place } }));
      if (this.#random.chance(0.25)) statements.push(...this.#block(this.#site, 1, 1));
    }
    // Then it lets them run into what they wait for, and disturbs some of them there.
    if (this.#random.chance(this.#profile.crowd ? 0.85 : 0.6)) {
      for (let left = this.#random.between(1, 3); left > 0; left--) {
        statements.push(this.#statement("sleep", { given: { delay: this.#random.pick([0, 0, 0.5, 1]), value: null } }));
        const given = { number: this.#random.between(0, 9), message: this.#random.chance(0.3) ? "m" : null };
        if (this.#random.chance(0.7)) statements.push(this.#statement("cancel a task", { given }));
        statements.push(...this.#maybe(this.#profile.later));
        statements.push(...this.#block(this.#site, this.#profile.crowd ? 1 : 0, this.#profile.crowd ? 3 : 2));
      }
    }
    statements.push(...this.#block(this.#site, 2, 6));
    return statements;
  }

  #statement(op: string, { given = {}, blocks = [] }: Partial<Statement>): Statement {
    return { op, id: `${this.#place}.${++this.#lastId}`, given, blocks };
  }

  #block(site: Site, least: number, most: number): Block {
    const statements: Statement[] = [];
    const length = this.#random.between(least, most);
    for (let tries = 0; statements.length < length && tries < length * 4; tries++) {
      const chosen = operation(this.#random.weighted(this.#choices(site)));
      const made = chosen.make(site);
      if (made === undefined) continue;
      statements.push(this.#statement(chosen.name, made));
      if (chosen.name === "raise" || chosen.name === "return") break;
    }
    return statements;
  }

  #choices(site: Site): readonly (readonly [string, number])[] {
    const key = `${site.awaits} ${site.depth}`;
    let choices = known.get(this.#profile)?.get(key);
    if (choices === undefined) {
      choices = this.#weigh(site);
      if (!known.has(this.#profile)) known.set(this.#profile, new Map());
      known.get(this.#profile)?.set(key, choices);
    }
    return choices;
  }

  #weigh(site: Site): (readonly [string, number])[] {
    const choices: (readonly [string, number])[] = [];
    for (const candidate of operations.values()) {
      if (!site.awaits && isAwaiting(candidate)) continue;
      if (candidate.form === "block" && site.depth >= 3) continue;
      const nesting = candidate.form === "block" ? 0.6 ** site.depth : 1;
      const weight = candidate.weight * nesting * (this.#profile.families[candidate.family] ?? 0);
      if (weight > 0) choices.push([candidate.name, weight]);
    }
    return choices;
  }
}

function isAwaiting(candidate: Operation): candidate is ExpressionOperation {
  return candidate.form === "await";
}
