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

/** SpeciesConstructor(O, defaultConstructor). */
export function speciesConstructor(object: object, defaultConstructor: unknown): unknown {
  const Class: unknown = object.constructor;
  if (Class === undefined) return defaultConstructor;
  if (!isObject(Class)) throw new TypeError("The .constructor property of a promise is not an object");
  const species = (Class as { [Symbol.species]?: unknown })[Symbol.species];
  if (species === defaultConstructor || species === undefined || species === null) return defaultConstructor;
  if (isConstructor(species)) return species;
  throw new TypeError("The [Symbol.species] of a promise's constructor is not a constructor");
}
