/**
 * The cycles of a directed graph: each strongly connected part of more than one node (or of one that points at
 * itself) once, as a path that comes back to its first node.
 */
export function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  return stronglyConnected(graph).flatMap((part) => {
    const members = new Set(part);
    const [first] = [...part].sort();
    if (first === undefined) return [];
    const path = shortestWayBack(graph, first, members);
    return path === undefined ? [] : [path];
  });
}

/** Tarjan's algorithm. */
function stronglyConnected(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const parts: string[][] = [];

  const visit = (node: string): void => {
    const index = order.size;
    order.set(node, index);
    lowest.set(node, index);
    stack.push(node);
    onStack.add(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (onStack.has(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) !== index) return;
    const part = stack.splice(stack.indexOf(node));
    for (const member of part) onStack.delete(member);
    parts.push(part);
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return parts;
}

/** Breadth first from `start` through `members` until `start` comes up again. */
function shortestWayBack(
  graph: ReadonlyMap<string, readonly string[]>,
  start: string,
  members: ReadonlySet<string>,
): string[] | undefined {
  const paths: string[][] = [[start]];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const next of graph.get(path.at(-1)!) ?? []) {
      if (next === start) return [...path, start];
      if (!members.has(next) || seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return undefined;
}
