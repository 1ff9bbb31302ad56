import { Graph, layout } from '@dagrejs/dagre';
import { columnGap, rowGap } from './geometry';
import type { Link, Placed } from './straighten';
import { straighten } from './straighten';
import type { NodeMove } from './types';

/** What the layout needs of a graph; small enough to travel to the worker. */
export interface LayoutRequest {
  nodes: Placed[];
  edges: Link[];
}

/** Places for all nodes, from left to right in the order in which they run. The picture's upper left corner stays where it was. */
export function arrange(request: LayoutRequest): NodeMove[] {
  const graph = new Graph();
  graph.setDefaultEdgeLabel(() => ({}));
  // The exact ranker takes seconds on a thousand nodes; the simple one is as good to the eye there.
  graph.setGraph({ rankdir: 'LR', nodesep: rowGap, ranksep: columnGap, edgesep: 32, ranker: request.nodes.length > 300 ? 'longest-path' : 'network-simplex' });
  const byPlace = request.nodes.toSorted((a, b) => a.x - b.x || a.y - b.y);
  for (const node of byPlace) graph.setNode(node.id, { width: node.width, height: node.height });
  for (const edge of request.edges) graph.setEdge(edge.from, edge.to);
  layout(graph);
  const placed: Placed[] = request.nodes.map((node) => {
    const found = graph.node(node.id) as { x: number; y: number };
    return { ...node, x: found.x - node.width / 2, y: found.y - node.height / 2 };
  });
  const byId = new Map(placed.map((node) => [node.id, node]));
  for (const [id, y] of straighten(placed, request.edges)) {
    const node = byId.get(id);
    if (node) node.y = y;
  }
  const left = Math.min(...request.nodes.map((node) => node.x)) - Math.min(...placed.map((node) => node.x));
  const top = Math.min(...request.nodes.map((node) => node.y)) - Math.min(...placed.map((node) => node.y));
  return placed.map((node) => ({ id: node.id, x: node.x + left, y: node.y + top }));
}
