/**
 * Operations the ECMAScript specification of Promise uses by these names.
 */

const { construct } = Reflect;

export type AnyFunction = (...args: any[]) => unknown;
export type Constructor = new (...args: any[]) => unknown;

export function isObject(value: unknown): value is object {
  return typeof value === "object" ? value !== null : typeof value === "function";
}

export function isCallable(value: unknown): value is AnyFunction {
  return typeof value === "function";
}

/** Adds to the end of a list by CreateDataProperty: a setter of Array.prototype is not asked, as `push` would. */
export function append<T>(list: T[], value: T): void {
  const index = list.length;
  if (index in list)
    Object.defineProperty(list, index, { value, writable: true, enumerable: true, configurable: true });
  else list[index] = value;
}

const constructNothing = { construct: () => ({}) };

/** Whether `value` has [[Construct]]: a proxy of it then has too, and its trap keeps `value` from being called. */
export function isConstructor(value: unknown): value is Constructor {
  if (typeof value !== "function") return false;
  try {
    construct(new Proxy(value, constructNothing), []);
    return true;
  } catch {
    return false;
  }
}

/** SpeciesConstructor(O, defaultConstructor). What promises mostly say is asked here; it is small, and so compiled into `then`. */
export function speciesConstructor(object: object, defaultConstructor: object): unknown {
  const Class: unknown = object.constructor;
  const species = Class === defaultConstructor ? speciesOf(defaultConstructor) : speciesOfAny(Class);
  return species === defaultConstructor ? species : constructorOr(species, defaultConstructor);
}

function speciesOf(Class: object): unknown {
  return (Class as { [Symbol.species]?: unknown })[Symbol.species];
}

function speciesOfAny(Class: unknown): unknown {
  if (Class === undefined) return undefined;
  if (!isObject(Class)) throw new TypeError("The .constructor property of a promise is not an object");
  return speciesOf(Class);
}

function constructorOr(species: unknown, defaultConstructor: object): unknown {
  if (species === undefined || species === null) return defaultConstructor;
  if (isConstructor(species)) return species;
  throw new TypeError("The [Symbol.species] of a promise's constructor is not a constructor");
}
