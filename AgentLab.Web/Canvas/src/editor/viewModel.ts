import type { Edge, Node } from '@xyflow/react';
import { Position } from '@xyflow/react';
import { portAt, portHit, sizeOf } from '../model/geometry';
import type { Graph } from '../model/graph';
import { same } from '../model/json';
import type { NodePorts } from '../model/ports';
import type { Change, NodeType, Problem, WorkflowGroup, WorkflowNode, WorkflowNote } from '../model/types';

export type StepData = {
  node: WorkflowNode;
  type: NodeType | undefined;
  ports: NodePorts;
  /** Outputs that nothing follows yet. */
  open: string[];
  problems: Problem[];
  change: Change | undefined;
  editable: boolean;
};
export type FrameData = { group: WorkflowGroup; change: Change | undefined; editable: boolean };
export type NoteData = { note: WorkflowNote; change: Change | undefined; editable: boolean };
export type WireData = { broken: boolean; change: Change | undefined; editable: boolean; first: boolean };

export type StepNode = Node<StepData, 'step'>;
export type FrameNode = Node<FrameData, 'frame'>;
export type NoteNode = Node<NoteData, 'note'>;
export type ViewNode = StepNode | FrameNode | NoteNode;
export type WireEdge = Edge<WireData, 'wire'>;

export interface View {
  nodes: ViewNode[];
  edges: WireEdge[];
}

export interface ViewInput {
  graph: Graph;
  selected: ReadonlySet<string>;
  selectedEdges: ReadonlySet<string>;
  /** Where dragged and resized ones are at the moment. */
  places: ReadonlyMap<string, { x: number; y: number; width?: number; height?: number }>;
  problems: ReadonlyMap<string, Problem[]>;
  changes: ReadonlyMap<string, Change>;
  editable: boolean;
}

const noProblems: Problem[] = [];

/** Makes what React Flow draws; an item that has not changed keeps its object, so that it is not drawn again. */
export class ViewModel {
  private nodes = new Map<string, ViewNode>();
  private edges = new Map<string, WireEdge>();

  make(input: ViewInput): View {
    const { definition } = input.graph;
    const nodes = [
      ...definition.groups.map((group) => this.frame(group, input)),
      ...definition.notes.map((note) => this.note(note, input)),
      ...definition.nodes.map((node) => this.step(node, input)),
    ];
    const edges = this.wires(input);
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    this.edges = new Map(edges.map((edge) => [edge.id, edge]));
    return { nodes, edges };
  }

  private step(node: WorkflowNode, input: ViewInput): StepNode {
    const { graph } = input;
    const ports = graph.ports.get(node.id)!;
    const used = new Set((graph.edgesOf.get(node.id) ?? []).filter((edge) => edge.from === node.id).map((edge) => edge.fromPort));
    const old = this.nodes.get(node.id);
    const before = old?.type === 'step' ? old : undefined;
    const change = input.changes.get(node.id);
    const data: StepData = {
      node, type: graph.types.get(node.kind), ports, open: ports.out.filter((port) => !used.has(port.name) && !port.missing).map((port) => port.name),
      problems: input.problems.get(node.id) ?? noProblems, change, editable: input.editable && change !== 'removed',
    };
    const kept = before && sameStep(before.data, data) ? before.data : data;
    const place = input.places.get(node.id) ?? node;
    const selected = input.selected.has(node.id);
    if (before && kept === before.data && before.selected === selected && before.position.x === place.x && before.position.y === place.y) return before;
    return {
      id: node.id, type: 'step', position: { x: place.x, y: place.y }, style: placed(place), selected, data: kept, ...(before && kept.ports === before.data.ports ? shared(before) : measured(kept.ports)),
      draggable: data.editable, selectable: change !== 'removed', connectable: data.editable, ariaRole: 'group',
      ariaLabel: `${node.name}, ${data.type?.title ?? node.kind}`,
    };
  }

  private frame(group: WorkflowGroup, input: ViewInput): FrameNode {
    const old = this.nodes.get(group.id);
    const before = old?.type === 'frame' ? old : undefined;
    const place = { ...group, ...input.places.get(group.id) };
    const change = input.changes.get(group.id);
    const selected = input.selected.has(group.id);
    const data = before?.data.group === group && before.data.change === change && before.data.editable === input.editable ? before.data : { group, change, editable: input.editable };
    if (before && before.data === data && before.selected === selected && samePlace(before, place)) return before;
    return {
      id: group.id, type: 'frame', position: { x: place.x, y: place.y }, ...dimensions(place), selected, data, zIndex: -2, dragHandle: '.frame-title',
      draggable: input.editable, connectable: false, handles: [], style: { pointerEvents: 'none' }, ariaRole: 'group', ariaLabel: group.name,
    };
  }

  private note(note: WorkflowNote, input: ViewInput): NoteNode {
    const old = this.nodes.get(note.id);
    const before = old?.type === 'note' ? old : undefined;
    const place = { ...note, ...input.places.get(note.id) };
    const change = input.changes.get(note.id);
    const selected = input.selected.has(note.id);
    const data = before?.data.note === note && before.data.change === change && before.data.editable === input.editable ? before.data : { note, change, editable: input.editable };
    if (before && before.data === data && before.selected === selected && samePlace(before, place)) return before;
    return {
      id: note.id, type: 'note', position: { x: place.x, y: place.y }, ...dimensions(place), selected, data, zIndex: -1,
      draggable: input.editable, connectable: false, handles: [], ariaRole: 'group', ariaLabel: note.text.slice(0, 60) || 'Note',
    };
  }

  private wires(input: ViewInput): WireEdge[] {
    const counted = new Set<string>();
    return input.graph.definition.edges.filter((edge) => input.graph.nodes.has(edge.from) && input.graph.nodes.has(edge.to)).map((edge) => {
      const key = `${edge.from} ${edge.fromPort}`;
      const first = !counted.has(key);
      counted.add(key);
      const ports = input.graph.ports;
      const broken = Boolean(ports.get(edge.from)?.out.find((port) => port.name === edge.fromPort)?.missing || ports.get(edge.to)?.in.find((port) => port.name === edge.toPort)?.missing);
      const change = input.changes.get(edge.id);
      const data: WireData = { broken, change, editable: input.editable && change !== 'removed', first };
      const old = this.edges.get(edge.id);
      const kept = old?.data && same(old.data, data) ? old.data : data;
      const selected = input.selectedEdges.has(edge.id);
      if (old && old.data === kept && old.selected === selected && old.source === edge.from && old.target === edge.to && old.sourceHandle === edge.fromPort && old.targetHandle === edge.toPort) return old;
      return {
        id: edge.id, type: 'wire', source: edge.from, target: edge.to, sourceHandle: edge.fromPort, targetHandle: edge.toPort, data: kept, selected,
        selectable: change !== 'removed', reconnectable: selected && data.editable, focusable: false,
      };
    });
  }
}

/**
 * By its edges and not by a transform, which React Flow would use: the browser puts each transformed element into a part of the picture of its own, and to
 * put a thousand parts together takes it many milliseconds a frame.
 */
const placed = (place: { x: number; y: number }) => ({ transform: 'none', left: place.x, top: place.y });

const dimensions = (box: { width: number; height: number }) => ({ width: box.width, height: box.height, measured: { width: box.width, height: box.height } });

const samePlace = (node: ViewNode, place: { x: number; y: number; width: number; height: number }): boolean =>
  node.position.x === place.x && node.position.y === place.y && node.width === place.width && node.height === place.height;

const sameStep = (a: StepData, b: StepData): boolean =>
  a.node === b.node && a.type === b.type && a.change === b.change && a.editable === b.editable && a.problems === b.problems && same(a.open, b.open) && same(a.ports, b.ports);

/** Size and handles are known beforehand: nothing has to be drawn to be measured, and edges are right while their nodes are out of sight. */
function measured(ports: NodePorts): Pick<StepNode, 'width' | 'height' | 'measured' | 'handles'> {
  const half = portHit / 2;
  const handles = (['in', 'out'] as const).flatMap((side) => ports[side].map((port) => {
    const place = portAt(ports, side, port.name);
    return {
      id: port.name, type: side === 'in' ? ('target' as const) : ('source' as const), position: side === 'in' ? Position.Left : Position.Right,
      x: place.x - half, y: place.y - half, width: portHit, height: portHit,
    };
  }));
  return { ...dimensions(sizeOf(ports)), handles };
}

const shared = (node: StepNode) => ({ width: node.width, height: node.height, measured: node.measured, handles: node.handles });
