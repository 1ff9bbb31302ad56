import { centre } from './geometry';
import type { Graph } from './graph';
import { incoming, outgoing, reach } from './graph';

export type Direction = 'left' | 'right' | 'up' | 'down';

const higherFirst = (graph: Graph) => (a: string, b: string): number => {
  const left = graph.boxes.get(a)!;
  const right = graph.boxes.get(b)!;
  return left.y - right.y || left.x - right.x;
};

/** The node that an arrow key leads to: along the edges to the left and right, and to the nearest in the same column up and down. */
export function neighbour(graph: Graph, id: string, direction: Direction): string | undefined {
  if (!graph.boxes.has(id)) return undefined;
  if (direction === 'right') return outgoing(graph, id).map((edge) => edge.to).sort(higherFirst(graph))[0] ?? nearest(graph, id, direction);
  if (direction === 'left') return incoming(graph, id).map((edge) => edge.from).sort(higherFirst(graph))[0] ?? nearest(graph, id, direction);
  return sibling(graph, id, direction) ?? nearest(graph, id, direction);
}

/** Up and down stay among the nodes that share a neighbour with this one, as long as there is one. */
function sibling(graph: Graph, id: string, direction: 'up' | 'down'): string | undefined {
  const shared = new Set<string>();
  for (const edge of incoming(graph, id)) for (const other of outgoing(graph, edge.from)) shared.add(other.to);
  for (const edge of outgoing(graph, id)) for (const other of incoming(graph, edge.to)) shared.add(other.from);
  shared.delete(id);
  const y = graph.boxes.get(id)!.y;
  const ordered = [...shared].filter((other) => (direction === 'up' ? graph.boxes.get(other)!.y < y : graph.boxes.get(other)!.y > y)).sort(higherFirst(graph));
  return direction === 'up' ? ordered.at(-1) : ordered[0];
}

/** The nearest node in a direction by sight; what lies aside counts double. */
function nearest(graph: Graph, id: string, direction: Direction): string | undefined {
  const here = centre(graph.boxes.get(id)!);
  let best: string | undefined;
  let least = Infinity;
  for (const [other, box] of graph.boxes) {
    if (other === id) continue;
    const there = centre(box);
    const level = direction === 'left' || direction === 'right';
    const ahead = (level ? there.x - here.x : there.y - here.y) * (direction === 'left' || direction === 'up' ? -1 : 1);
    const aside = Math.abs(level ? there.y - here.y : there.x - here.x);
    if (ahead <= 0 || aside > ahead * 2) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) {
      least = cost;
      best = other;
    }
  }
  return best;
}

/** What Shift with an arrow selects: everything up- or downstream of the given nodes, and they. */
export const stream = (graph: Graph, ids: Iterable<string>, direction: 'up' | 'down'): Set<string> => reach(graph, ids, direction);

export interface OutlineItem {
  id: string;
  level: number;
}

/**
 * The nodes in the order in which they run: each after everything that leads to it, branches one under the other. A node that follows a fork is one level
 * deeper; a node in which branches meet is one less deep than the shallowest of them.
 */
export function flowOrder(graph: Graph): OutlineItem[] {
  const open = new Map<string, number>();
  for (const node of graph.definition.nodes) open.set(node.id, incoming(graph, node.id).length);
  const levels = new Map<string, number>();
  const byPlace = higherFirst(graph);
  const stack = graph.definition.nodes.filter((node) => open.get(node.id) === 0).map((node) => node.id).sort(byPlace).reverse();
  for (const id of stack) levels.set(id, 1);
  const order: OutlineItem[] = [];
  const done = new Set<string>();
  const visit = (id: string) => {
    done.add(id);
    const level = levels.get(id) ?? 1;
    order.push({ id, level });
    const edges = outgoing(graph, id);
    const forks = new Set(edges.map((edge) => edge.to)).size > 1 || (graph.ports.get(id)?.out.length ?? 0) > 1;
    const ready: string[] = [];
    for (const edge of edges) {
      const joins = new Set(incoming(graph, edge.to).map((other) => other.from)).size > 1;
      const deep = joins ? Math.max(1, level - 1) : forks ? level + 1 : level;
      levels.set(edge.to, Math.min(levels.get(edge.to) ?? Infinity, deep));
      const left = (open.get(edge.to) ?? 1) - 1;
      open.set(edge.to, left);
      if (left === 0 && !done.has(edge.to)) ready.push(edge.to);
    }
    stack.push(...ready.sort(byPlace).reverse());
  };
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) if (!done.has(id)) visit(id);
  for (const node of graph.definition.nodes) if (!done.has(node.id)) order.push({ id: node.id, level: 1 });
  return order;
}
