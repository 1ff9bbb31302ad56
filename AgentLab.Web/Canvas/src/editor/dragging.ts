import { centre, portAt } from '../model/geometry';
import { canSplice } from '../model/gestures';
import type { Graph } from '../model/graph';
import type { Box } from '../model/types';

/** The edge that a node lies on while it is dragged (or a kind from the palette, without an id) and that it would be put into by the drop. */
export function draggedOver(graph: Graph, id: string | undefined, box: Box): string | undefined {
  if (id !== undefined && !canSplice(graph, id)) return undefined;
  const middle = centre(box);
  let best: string | undefined;
  let least = 40;
  for (const edge of graph.definition.edges) {
    const from = graph.boxes.get(edge.from);
    const to = graph.boxes.get(edge.to);
    if (!from || !to || edge.from === id || edge.to === id) continue;
    const start = { x: from.x + from.width, y: from.y + portAt(graph.ports.get(edge.from)!, 'out', edge.fromPort).y };
    const end = { x: to.x, y: to.y + portAt(graph.ports.get(edge.to)!, 'in', edge.toPort).y };
    if (middle.x < Math.min(start.x, end.x) || middle.x > Math.max(start.x, end.x)) continue;
    const distance = distanceTo(start, end, middle);
    if (distance < least) {
      least = distance;
      best = edge.id;
    }
  }
  return best;
}

type Point = { x: number; y: number };

/** From a point to the curve between two ports, taken at some of its points. */
function distanceTo(start: Point, end: Point, point: Point): number {
  const bend = Math.max(24, (end.x - start.x) / 2);
  let least = Infinity;
  for (let t = 0; t <= 1; t += 0.05) {
    const u = 1 - t;
    const x = u ** 3 * start.x + 3 * u * u * t * (start.x + bend) + 3 * u * t * t * (end.x - bend) + t ** 3 * end.x;
    const y = u ** 3 * start.y + 3 * u * u * t * start.y + 3 * u * t * t * end.y + t ** 3 * end.y;
    least = Math.min(least, Math.hypot(point.x - x, point.y - y));
  }
  return least;
}
