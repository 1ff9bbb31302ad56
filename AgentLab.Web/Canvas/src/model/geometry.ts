import type { NodePorts } from './ports';
import type { Box, Definition, NodeType, WorkflowNode } from './types';

/** The picture's measures, in pixels at zoom 1. Everything that draws, places, exports or tests takes them from here. */
export const grid = 16;
export const nodeWidth = 256;
export const headHeight = 80;
export const portRow = 32;
export const portRadius = 8;
export const portHit = 32;
export const columnGap = 96;
export const rowGap = 48;

export const snap = (value: number): number => Math.round(value / grid) * grid;

/** A node with one port a side has them in the middle of its head; more ports (or one with a label) get a row each below it. */
const rowsOf = (ports: NodePorts['in']): number => (ports.length > 1 || (ports.length === 1 && ports[0]?.missing) ? ports.length : 0);

export function sizeOf(ports: NodePorts): { width: number; height: number } {
  const rows = Math.max(rowsOf(ports.in), rowsOf(ports.out));
  return { width: nodeWidth, height: headHeight + (rows > 0 ? rows * portRow + grid : 0) };
}

/** Where a port's centre is, beside the node's upper left corner. */
export function portAt(ports: NodePorts, side: 'in' | 'out', name: string): { x: number; y: number } {
  const list = ports[side];
  const index = Math.max(0, list.findIndex((port) => port.name === name));
  const y = rowsOf(list) > 0 ? headHeight + index * portRow + portRow / 2 : headHeight / 2;
  return { x: side === 'in' ? 0 : nodeWidth, y };
}

export const hasRows = (ports: NodePorts, side: 'in' | 'out'): boolean => rowsOf(ports[side]) > 0;

export const boxOf = (node: WorkflowNode, ports: NodePorts): Box => ({ x: node.x, y: node.y, ...sizeOf(ports) });

export const overlaps = (a: Box, b: Box, margin = 0): boolean =>
  a.x < b.x + b.width + margin && b.x < a.x + a.width + margin && a.y < b.y + b.height + margin && b.y < a.y + a.height + margin;

export function union(boxes: Iterable<Box>): Box | undefined {
  let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
  for (const box of boxes) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  return left === Infinity ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}

export const contains = (box: Box, x: number, y: number): boolean => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

export const centre = (box: Box): { x: number; y: number } => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

export interface Measured {
  ports: ReadonlyMap<string, NodePorts>;
  types: ReadonlyMap<string, NodeType>;
}

/** The box of each node. */
export function boxesOf(definition: Definition, ports: ReadonlyMap<string, NodePorts>): Map<string, Box> {
  return new Map(definition.nodes.map((node) => [node.id, boxOf(node, ports.get(node.id)!)]));
}

/** The curve from an output port to an input port: leaves and arrives level, and loops round gently when the target lies behind. */
export function curve(sx: number, sy: number, tx: number, ty: number): { path: string; middle: { x: number; y: number } } {
  const ahead = tx - sx;
  const bend = ahead >= 0 ? Math.max(24, ahead / 2) : Math.min(240, 48 + Math.abs(ahead) / 3);
  const round = (value: number) => Math.round(value * 10) / 10;
  const path = `M${round(sx)} ${round(sy)}C${round(sx + bend)} ${round(sy)} ${round(tx - bend)} ${round(ty)} ${round(tx)} ${round(ty)}`;
  return { path, middle: { x: (sx + tx) / 2, y: (sy + ty) / 2 } };
}
