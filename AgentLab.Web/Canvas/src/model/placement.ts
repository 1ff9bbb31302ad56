import { columnGap, grid, overlaps, portAt, rowGap, sizeOf, snap } from './geometry';
import type { Graph } from './graph';
import { reach } from './graph';
import type { NodePorts } from './ports';
import type { Box, NodeMove } from './types';

const margin = 24;

/** The nearest place at or below a wanted one where a box of that size touches no other; on the grid. */
export function freePlace(boxes: Iterable<Box>, wanted: Box): { x: number; y: number } {
  const others = [...boxes].filter((box) => overlaps({ ...box, y: -1e9, height: 2e9 }, { ...wanted, y: 0 }, margin)).sort((a, b) => a.y - b.y);
  const here = { ...wanted, x: snap(wanted.x), y: snap(wanted.y) };
  for (const other of others) {
    if (overlaps(other, here, margin)) here.y = Math.ceil((other.y + other.height + rowGap) / grid) * grid;
  }
  return { x: here.x, y: here.y };
}

/** Where a new node goes that follows a port: one column on, level with the port, clear of the others. */
export function placeAfter(graph: Graph, from: string, fromPort: string, ports: NodePorts, toPort: string): { x: number; y: number } {
  const box = graph.boxes.get(from)!;
  const port = portAt(graph.ports.get(from)!, 'out', fromPort);
  const size = sizeOf(ports);
  return freePlace(graph.boxes.values(), {
    x: box.x + box.width + columnGap, y: box.y + port.y - portAt(ports, 'in', toPort).y, ...size,
  });
}

/** Where a new node goes that comes before a port. */
export function placeBefore(graph: Graph, to: string, toPort: string, ports: NodePorts, fromPort: string): { x: number; y: number } {
  const box = graph.boxes.get(to)!;
  const port = portAt(graph.ports.get(to)!, 'in', toPort);
  const size = sizeOf(ports);
  return freePlace(graph.boxes.values(), {
    x: box.x - columnGap - size.width, y: box.y + port.y - portAt(ports, 'out', fromPort).y, ...size,
  });
}

/** Room for a node between two: its place, and how far everything behind it has to move to the right. */
export function placeBetween(graph: Graph, from: string, fromPort: string, to: string, ports: NodePorts): { x: number; y: number; moves: NodeMove[] } {
  const source = graph.boxes.get(from)!;
  const target = graph.boxes.get(to)!;
  const size = sizeOf(ports);
  const y = snap(source.y + portAt(graph.ports.get(from)!, 'out', fromPort).y - portAt(ports, 'in', ports.in[0]?.name ?? '').y);
  const right = source.x + source.width;
  const lacking = size.width + 2 * columnGap - (target.x - right);
  const ahead = target.x > right;
  if (!ahead) return { ...placeAfter(graph, from, fromPort, ports, ports.in[0]?.name ?? ''), moves: [] };
  const wide = lacking <= 0;
  const x = wide ? snap(right + (target.x - right - size.width) / 2) : snap(right + columnGap);
  const moves: NodeMove[] = [];
  const moved = new Map(graph.boxes);
  if (!wide) {
    const by = Math.ceil(lacking / grid) * grid;
    for (const id of reach(graph, [to], 'down')) {
      const box = graph.boxes.get(id);
      if (!box || box.x < target.x) continue;
      moves.push({ id, x: box.x + by, y: box.y });
      moved.set(id, { ...box, x: box.x + by });
    }
  }
  return { ...freePlace(moved.values(), { x, y, ...size }), moves };
}

/** How far a set of boxes has to be shifted so that it covers none of the others: down and right in steps, as a pasted part is. */
export function freeShift(boxes: readonly Box[], others: readonly Box[], step = 2 * grid): number {
  for (let shift = 0; shift < 100 * step; shift += step) {
    const hit = boxes.some((box) => others.some((other) => Math.abs(other.x - box.x - shift) < grid && Math.abs(other.y - box.y - shift) < grid));
    if (!hit) return shift;
  }
  return step;
}
