import { type Node, walk } from "estree-walker";
import { parseAst } from "rollup/parseAst";

/**
 * Makes constants of what a module declares, imports or exports and never assigns.
 *
 * The engine compiles into the code what it knows to be constant: what a `const` holds that is neither imported nor
 * exported. esbuild writes `var` for it, and what modules hand each other is fetched and checked anew at each use. So here
 * `var` becomes `const` again, each import gets a constant of the module's own, and each export another name. A `sleep(0)`
 * takes a tenth fewer instructions for it.
 *
 * What has a place in the sources keeps its line and column, so the source map stays right.
 *
 * @throws when an export is assigned: those who import it would never see that.
 */
export function constants(code: string): string {
  const program = parseAst(code) as unknown as Node & { type: "Program" };
  const assigned = assignedIn(program);
  const uses = usesIn(program);
  const taken = new Set(code.match(/[\w$]+/g));
  const anotherName = (name: string): string => {
    const other = `${name}$`;
    if (taken.has(other)) return anotherName(other);
    taken.add(other);
    return other;
  };
  const edits: Edit[] = [];
  const local = new Set<string>();

  for (const statement of program.body) {
    const [start, end] = placeOf(statement);
    if (statement.type === "VariableDeclaration" && statement.kind === "var") {
      const [declaration] = statement.declarations;
      if (statement.declarations.length !== 1 || declaration?.id.type !== "Identifier" || !declaration.init) continue;
      const { name } = declaration.id;
      if (assigned.has(name)) continue;
      local.add(name);
      // Two letters more before the name and two blanks less behind it: the value stays where it was.
      const declared = `var ${name} = `;
      if (code.startsWith(declared, start)) edits.push({ start, end: start + declared.length, text: `const ${name}=` });
    } else if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
      if (!assigned.has(statement.id.name)) local.add(statement.id.name);
    } else if (statement.type === "ImportDeclaration") {
      const renamed: [name: string, from: string][] = [];
      for (const specifier of statement.specifiers) {
        if (specifier.type !== "ImportSpecifier" || !uses.has(specifier.local.name)) continue;
        const from = anotherName(specifier.local.name);
        renamed.push([specifier.local.name, from]);
        local.add(specifier.local.name);
        const [first, last] = placeOf(specifier);
        edits.push({ start: first, end: last, text: `${nameOf(specifier.imported)} as ${from}` });
      }
      if (renamed.length === 0) continue;
      edits.push({ start: end, end, text: ` const ${renamed.map(([name, from]) => `${name} = ${from}`).join(", ")};` });
    }
  }
  for (const statement of program.body) {
    if (statement.type !== "ExportNamedDeclaration" || statement.source) continue;
    const [start] = placeOf(statement);
    const renamed: string[] = [];
    for (const specifier of statement.specifiers) {
      const name = nameOf(specifier.local);
      if (assigned.has(name))
        throw new Error(`${name} is exported and assigned: who imports it keeps its first value.`);
      if (!local.has(name) || !uses.has(name)) continue;
      const other = anotherName(name);
      renamed.push(`${other} = ${name}`);
      const [first, last] = placeOf(specifier);
      edits.push({ start: first, end: last, text: `${other} as ${nameOf(specifier.exported)}` });
    }
    if (renamed.length > 0) edits.push({ start, end: start, text: `const ${renamed.join(", ")}; ` });
  }
  return applied(edits, code);
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function applied(edits: Edit[], code: string): string {
  let result = "";
  let from = 0;
  for (const { start, end, text } of edits.sort((a, b) => a.start - b.start)) {
    result += code.slice(from, start) + text;
    from = end;
  }
  return result + code.slice(from);
}

/** Every name that is assigned anywhere, in whatever scope. */
function assignedIn(program: Node): Set<string> {
  const names = new Set<string>();
  const collect = (target: Node) =>
    walk(target, {
      enter(node) {
        // Of an object whose property is assigned the name stands for what it stood for.
        if (node.type === "MemberExpression") this.skip();
        else if (node.type === "Identifier") names.add(node.name);
      },
    });
  walk(program, {
    enter(node) {
      if (node.type === "AssignmentExpression") collect(node.left);
      else if (node.type === "UpdateExpression") collect(node.argument);
      else if (node.type === "ForInStatement" || node.type === "ForOfStatement") collect(node.left);
    },
  });
  return names;
}

/**
 * Imported functions and classes that most steps and all new tasks call: a constant of the module's own saves a spawn 2 to
 * 5 % of its instructions. For all that are ever called the packages would be up to 5 % larger.
 */
const calledOften = new Set([
  "captureContext",
  "Coroutine",
  "enterContext",
  "GeneratorCoroutine",
  "getEventLoop",
  "getRunningLoop",
  "isCoroutine",
  "leaveContext",
  "resume",
  "toCoroutine",
]);

/** Every name that a function reads for more than to call it, to make one of it, or to ask what is one; or calls often. */
function usesIn(program: Node & { type: "Program" }): Set<string> {
  const names = new Set<string>();
  let functions = 0;
  walk(program, {
    enter(node, parent, key) {
      if (isFunction(node)) functions++;
      if (functions === 0 || node.type !== "Identifier" || parent === null || onlyNames(parent, key)) return;
      const called = (parent.type === "CallExpression" || parent.type === "NewExpression") && key === "callee";
      const asked = parent.type === "BinaryExpression" && parent.operator === "instanceof" && key === "right";
      if ((!called && !asked) || calledOften.has(node.name)) names.add(node.name);
    },
    leave(node) {
      if (isFunction(node)) functions--;
    },
  });
  return names;
}

const isFunction = ({ type }: Node): boolean => /Function/.test(type);

/** Whether an identifier names a property, a method or a function, and reads no variable. */
function onlyNames(parent: Node, key: string | number | symbol | null | undefined): boolean {
  if (parent.type === "MemberExpression") return key === "property" && !parent.computed;
  return key === "key" ? !(parent as { computed?: boolean }).computed : key === "id";
}

function placeOf(node: Node): [start: number, end: number] {
  const { start, end } = node as Node & { start: number; end: number };
  return [start, end];
}

function nameOf(node: { type: string; name?: string; value?: unknown }): string {
  return node.type === "Identifier" ? node.name! : JSON.stringify(node.value);
}
