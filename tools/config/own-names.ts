/**
 * Gives function expressions back the names they have in the sources.
 *
 * A function's name is what its users see of a coroutine. esbuild renames `const wait = coroutine(function* wait() {…})`
 * to `wait2` inside, because a name outside is the same; but nothing inside uses it. The blank that takes the number's place
 * leaves everything where the source map says it is.
 */
export function ownNames(code: string): string {
  return code.replace(/(\(\s*function\*? )([A-Za-z_$]+)(\d+)\(/g, (whole, before, name, number) => {
    const uses = code.match(new RegExp(`\\b${name}${number}\\b`, "g"))!.length;
    return uses === 1 ? `${before}${name}${" ".repeat(number.length)}(` : whole;
  });
}
