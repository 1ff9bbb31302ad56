import { fullNode } from './definition';
import { centre, contains, headHeight, nodeWidth, overlaps, sizeOf, snap, union } from './geometry';
import type { Graph } from './graph';
import { incoming, openOutputs, outgoing, refusal } from './graph';
import { newEdgeId, newGroupId, newNodeId, newNodeName } from './ids';
import { freePlace, placeAfter, placeBefore, placeBetween } from './placement';
import { declaredPorts } from './ports';
import type { Box, JsonObject, NodeMove, NodeType, Operation, WorkflowEdge, WorkflowNode } from './types';

/** One thing that a person did: what undo takes back at once, and what is selected after it. */
export interface Gesture {
  label: string;
  ops: Operation[];
  select?: string[];
}

/** Where a new node goes and what it is wired to. */
export interface Target {
  /** It follows this output. */
  after?: { node: string; port: string };
  /** It comes before this input. */
  before?: { node: string; port: string };
  /** It goes into this edge. */
  edge?: string;
  /** Its upper left corner, when a person chose one. */
  at?: { x: number; y: number };
}

const edge = (from: string, fromPort: string, to: string, toPort: string): Operation => ({ op: 'addEdge', edge: { id: newEdgeId(), from, fromPort, to, toPort } });

/** The node that a new one follows when nothing is selected: the last that still has an open output. */
export function lastOpen(graph: Graph): { node: string; port: string } | undefined {
  for (const node of graph.definition.nodes.toReversed()) {
    const port = graph.types.has(node.kind) ? openOutputs(graph, node.id)[0] : undefined;
    if (port !== undefined) return { node: node.id, port };
  }
  return undefined;
}

/** The output of a node that a new one follows: the first open one, else the first. */
export function nextOutput(graph: Graph, id: string): { node: string; port: string } | undefined {
  const port = openOutputs(graph, id)[0] ?? graph.ports.get(id)?.out.find((candidate) => !candidate.missing)?.name;
  return port === undefined ? undefined : { node: id, port };
}

function freshNode(graph: Graph, type: NodeType, settings: JsonObject | undefined, name: string | undefined): WorkflowNode {
  const ids = new Set(graph.nodes.keys());
  const names = new Set(graph.definition.nodes.map((node) => node.name));
  const kind = type.makes ?? type.kind;
  return fullNode({
    id: newNodeId(kind, ids), kind, name: newNodeName(name ?? type.title, names),
    settings: structuredClone({ ...type.defaults?.settings, ...settings }),
  });
}

/** A new node, placed clear of the others and wired to what it was asked for beside. */
export function addNode(graph: Graph, type: NodeType, target: Target, settings?: JsonObject, name?: string): Gesture {
  const node = freshNode(graph, type, settings, name);
  const ports = declaredPorts(node, type);
  const input = ports.in[0]?.name;
  const output = ports.out[0]?.name;
  const ops: Operation[] = [];
  const moves: NodeMove[] = [];
  let place = target.at;
  const wires: Operation[] = [];
  const through = target.edge === undefined ? undefined : graph.edges.get(target.edge);
  if (through && input !== undefined) {
    const room = placeBetween(graph, through.from, through.fromPort, through.to, ports);
    place = { x: room.x, y: room.y };
    moves.push(...room.moves);
    ops.push({ op: 'removeEdge', id: through.id });
    wires.push(edge(through.from, through.fromPort, node.id, input));
    if (output !== undefined) wires.push(edge(node.id, output, through.to, through.toPort));
  } else if (target.after && input !== undefined && graph.nodes.has(target.after.node)) {
    place ??= placeAfter(graph, target.after.node, target.after.port, ports, input);
    wires.push(edge(target.after.node, target.after.port, node.id, input));
  } else if (target.before && output !== undefined && graph.nodes.has(target.before.node)) {
    place ??= placeBefore(graph, target.before.node, target.before.port, ports, output);
    wires.push(edge(node.id, output, target.before.node, target.before.port));
  }
  const spot = freePlace(movedBoxes(graph, moves), { ...(place ?? besideAll(graph)), ...sizeOf(ports) });
  if (moves.length > 0) ops.push({ op: 'moveNodes', moves });
  const group = graph.definition.groups.find((frame) => contains(frame, spot.x + nodeWidth / 2, spot.y + headHeight / 2));
  ops.push({ op: 'addNode', node: { ...node, ...spot, ...(group ? { group: group.id } : {}) } }, ...wires);
  return { label: `Add ${node.name}`, ops, select: [node.id] };
}

function movedBoxes(graph: Graph, moves: readonly NodeMove[]): Iterable<Box> {
  if (moves.length === 0) return graph.boxes.values();
  const boxes = new Map(graph.boxes);
  for (const move of moves) boxes.set(move.id, { ...boxes.get(move.id)!, x: move.x, y: move.y });
  return boxes.values();
}

/** Under what is there already, at its left edge: for a node that nothing leads to. */
function besideAll(graph: Graph): { x: number; y: number } {
  const all = union(graph.boxes.values());
  return all ? { x: all.x, y: all.y + all.height + 48 } : { x: 0, y: 0 };
}

export function connect(graph: Graph, from: string, fromPort: string, to: string, toPort: string): Gesture | undefined {
  if (refusal(graph, from, fromPort, to, toPort) !== undefined) return undefined;
  return { label: `Connect ${graph.nodes.get(from)?.name} to ${graph.nodes.get(to)?.name}`, ops: [edge(from, fromPort, to, toPort)] };
}

export function reconnect(graph: Graph, id: string, from: string, fromPort: string, to: string, toPort: string): Gesture | undefined {
  const old = graph.edges.get(id);
  if (!old || (old.from === from && old.fromPort === fromPort && old.to === to && old.toPort === toPort)) return undefined;
  if (refusal(graph, from, fromPort, to, toPort, id) !== undefined) return undefined;
  return { label: 'Move connection', ops: [{ op: 'removeEdge', id }, edge(from, fromPort, to, toPort)] };
}

/** Moves a node that has no edges into an edge: the edge runs through it. It stays where it was dropped unless it would lie on others there; then they make room. */
export function splice(graph: Graph, id: string, edgeId: string, at: { x: number; y: number }): Gesture | undefined {
  const through = graph.edges.get(edgeId);
  const ports = graph.ports.get(id);
  const input = ports?.in[0]?.name;
  const output = ports?.out[0]?.name;
  if (!through || !ports || input === undefined || output === undefined || through.from === id || through.to === id || (graph.edgesOf.get(id)?.length ?? 0) > 0) return undefined;
  const dropped = { x: snap(at.x), y: snap(at.y) };
  const boxes = new Map(graph.boxes);
  boxes.delete(id);
  const free = [...boxes.values()].every((box) => !overlaps(box, { ...dropped, ...sizeOf(ports) }));
  const room = free ? { ...dropped, moves: [] } : placeBetween({ ...graph, boxes }, through.from, through.fromPort, through.to, ports);
  const own = { id, x: room.x, y: room.y };
  return {
    label: `Insert ${graph.nodes.get(id)?.name}`,
    ops: [
      { op: 'removeEdge', id: edgeId },
      { op: 'moveNodes', moves: [...room.moves, own] },
      ...regroup(graph, [own], new Set()),
      edge(through.from, through.fromPort, id, input),
      edge(id, output, through.to, through.toPort),
    ],
    select: [id],
  };
}

/** What is left of the edges when nodes go: those that led to a removed node lead on to what followed it. */
function bridged(graph: Graph, removed: ReadonlySet<string>, cut: ReadonlySet<string>): Omit<WorkflowEdge, 'id'>[] {
  let edges: Omit<WorkflowEdge, 'id'>[] = [...graph.edges.values()].filter((candidate) => !cut.has(candidate.id));
  const kept = new Set(edges);
  for (const id of removed) {
    const before = edges.filter((candidate) => candidate.to === id);
    const after = edges.filter((candidate) => candidate.from === id);
    edges = edges.filter((candidate) => candidate.to !== id && candidate.from !== id);
    const main = after.filter((candidate) => candidate.fromPort === after[0]?.fromPort && candidate.fromPort !== 'error');
    if (before.length > 1 && main.length > 1) continue;
    for (const left of before) {
      for (const right of main) edges.push({ from: left.from, fromPort: left.fromPort, to: right.to, toPort: right.toPort });
    }
  }
  const key = (candidate: Omit<WorkflowEdge, 'id'>) => `${candidate.from} ${candidate.fromPort} ${candidate.to} ${candidate.toPort}`;
  const there = new Set(edges.filter((candidate) => kept.has(candidate)).map(key));
  return edges.filter((candidate) => !kept.has(candidate) && !there.has(key(candidate)) && there.add(key(candidate)));
}

/** Removes whatever is selected; the neighbours of a removed node are connected with each other where that is plain. */
export function remove(graph: Graph, ids: ReadonlySet<string>): Gesture | undefined {
  const { definition } = graph;
  const nodes = definition.nodes.filter((node) => ids.has(node.id));
  const gone = new Set(nodes.map((node) => node.id));
  const cut = new Set(definition.edges.filter((candidate) => ids.has(candidate.id)).map((candidate) => candidate.id));
  const bridges = gone.size > 0 ? bridged(graph, gone, cut) : [];
  const ops: Operation[] = definition.edges.filter((candidate) => cut.has(candidate.id) || gone.has(candidate.from) || gone.has(candidate.to)).map((candidate) => ({ op: 'removeEdge', id: candidate.id }));
  ops.push(...nodes.map((node): Operation => ({ op: 'removeNode', id: node.id })));
  for (const group of definition.groups.filter((candidate) => ids.has(candidate.id))) ops.push(...ungroupOps(graph, group.id, gone));
  ops.push(...definition.notes.filter((note) => ids.has(note.id)).map((note): Operation => ({ op: 'removeNote', id: note.id })));
  ops.push(...bridges.map((bridge) => edge(bridge.from, bridge.fromPort, bridge.to, bridge.toPort)));
  if (ops.length === 0) return undefined;
  const what = nodes.length === 1 ? nodes[0]!.name : nodes.length > 1 ? `${nodes.length} nodes` : cut.size > 0 ? (cut.size === 1 ? 'connection' : `${cut.size} connections`) : 'selection';
  return { label: `Delete ${what}`, ops, select: [] };
}

const withoutGroup = (node: WorkflowNode): WorkflowNode => {
  const copy = { ...node };
  delete copy.group;
  return copy;
};

function ungroupOps(graph: Graph, id: string, gone: ReadonlySet<string>): Operation[] {
  const members = graph.definition.nodes.filter((node) => node.group === id && !gone.has(node.id));
  return [...members.map((node): Operation => ({ op: 'setNode', node: withoutGroup(node) })), { op: 'removeGroup', id }];
}

export const groupPadding = { side: 32, top: 80, bottom: 32 };

/** A frame round the selected nodes; when exactly one group is selected it is dissolved instead. */
export function group(graph: Graph, ids: ReadonlySet<string>): Gesture | undefined {
  const groups = graph.definition.groups.filter((candidate) => ids.has(candidate.id));
  const nodes = graph.definition.nodes.filter((node) => ids.has(node.id));
  if (groups.length === 1 && nodes.length === 0) {
    return { label: `Ungroup ${groups[0]!.name}`, ops: ungroupOps(graph, groups[0]!.id, new Set()), select: graph.definition.nodes.filter((node) => node.group === groups[0]!.id).map((node) => node.id) };
  }
  const box = union(nodes.map((node) => graph.boxes.get(node.id)!));
  if (!box) return undefined;
  const id = newGroupId();
  const names = new Set(graph.definition.groups.map((candidate) => candidate.name));
  return {
    label: `Group ${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`,
    ops: [
      { op: 'setGroup', group: { id, name: newNodeName('Group', names), color: 'grey', ...frameRound(box) } },
      ...nodes.map((node): Operation => ({ op: 'setNode', node: { ...node, group: id } })),
    ],
    select: [id],
  };
}

export const frameRound = (box: Box): Box => ({
  x: box.x - groupPadding.side, y: box.y - groupPadding.top,
  width: box.width + 2 * groupPadding.side, height: box.height + groupPadding.top + groupPadding.bottom,
});

/** Which group each of the moved nodes lies in now: the operations for those that changed frames. */
export function regroup(graph: Graph, moves: readonly NodeMove[], movedGroups: ReadonlySet<string>): Operation[] {
  const ops: Operation[] = [];
  for (const move of moves) {
    const node = graph.nodes.get(move.id);
    const box = graph.boxes.get(move.id);
    if (!node || !box || (node.group !== undefined && movedGroups.has(node.group))) continue;
    const middle = centre({ ...box, x: move.x, y: move.y });
    const frame = graph.definition.groups.find((candidate) => contains(candidate, middle.x, middle.y));
    if (frame?.id === node.group) continue;
    ops.push({ op: 'setNode', node: { ...(frame ? { ...node, group: frame.id } : withoutGroup(node)), x: move.x, y: move.y } });
  }
  return ops;
}

/** The gesture of dropping what was dragged: nodes, frames and notes together. */
export function move(graph: Graph, places: ReadonlyMap<string, { x: number; y: number }>): Gesture | undefined {
  const moves: NodeMove[] = [];
  const ops: Operation[] = [];
  const frames = new Set<string>();
  for (const frame of graph.definition.groups) {
    const place = places.get(frame.id);
    if (place && (place.x !== frame.x || place.y !== frame.y)) {
      frames.add(frame.id);
      ops.push({ op: 'setGroup', group: { ...frame, x: place.x, y: place.y } });
    }
  }
  for (const note of graph.definition.notes) {
    const place = places.get(note.id);
    if (place && (place.x !== note.x || place.y !== note.y)) ops.push({ op: 'setNote', note: { ...note, x: place.x, y: place.y } });
  }
  for (const node of graph.definition.nodes) {
    const place = places.get(node.id);
    if (place && (place.x !== node.x || place.y !== node.y)) moves.push({ id: node.id, x: place.x, y: place.y });
  }
  const framed = regroup(graph, moves, frames);
  if (moves.length > 0) ops.push({ op: 'moveNodes', moves });
  ops.push(...framed);
  if (ops.length === 0) return undefined;
  const first = moves[0] && graph.nodes.get(moves[0].id)?.name;
  return { label: moves.length > 1 ? `Move ${moves.length} nodes` : `Move ${first ?? 'frame'}`, ops };
}

export function disable(graph: Graph, ids: ReadonlySet<string>): Gesture | undefined {
  const nodes = graph.definition.nodes.filter((node) => ids.has(node.id));
  if (nodes.length === 0) return undefined;
  const disabled = !nodes.every((node) => node.disabled);
  return {
    label: `${disabled ? 'Switch off' : 'Switch on'} ${nodes.length === 1 ? nodes[0]!.name : `${nodes.length} nodes`}`,
    ops: nodes.filter((node) => node.disabled !== disabled).map((node) => ({ op: 'setNode', node: { ...node, disabled } })),
  };
}

export function rename(graph: Graph, id: string, name: string): Gesture | undefined {
  const trimmed = name.trim().slice(0, 100);
  const node = graph.nodes.get(id);
  if (node && trimmed !== '' && trimmed !== node.name) return { label: `Rename ${node.name} to ${trimmed}`, ops: [{ op: 'setNode', node: { ...node, name: trimmed } }] };
  const frame = graph.definition.groups.find((candidate) => candidate.id === id);
  if (frame && trimmed !== '' && trimmed !== frame.name) return { label: `Rename ${frame.name} to ${trimmed}`, ops: [{ op: 'setGroup', group: { ...frame, name: trimmed } }] };
  return undefined;
}

/** Puts the places that the layout found into one gesture; frames follow their nodes. */
export function tidy(graph: Graph, places: readonly NodeMove[]): Gesture | undefined {
  const moves = places.map((place) => ({ ...place, x: snap(place.x), y: snap(place.y) })).filter((place) => {
    const node = graph.nodes.get(place.id);
    return node !== undefined && (node.x !== place.x || node.y !== place.y);
  });
  if (moves.length === 0) return undefined;
  const ops: Operation[] = [{ op: 'moveNodes', moves }];
  const to = new Map(moves.map((place) => [place.id, place]));
  for (const frame of graph.definition.groups) {
    const members = graph.definition.nodes.filter((node) => node.group === frame.id);
    const box = members.some((node) => to.has(node.id)) ? union(members.map((node) => ({ ...graph.boxes.get(node.id)!, ...to.get(node.id) }))) : undefined;
    if (box) ops.push({ op: 'setGroup', group: { ...frame, ...frameRound(box) } });
  }
  ops.push(...notesBeside(graph, to));
  return { label: 'Tidy up', ops };
}

/** Notes go with the node that they are nearest to, and above it where they would lie on one. */
function notesBeside(graph: Graph, to: ReadonlyMap<string, NodeMove>): Operation[] {
  const after = [...graph.boxes].map(([id, box]) => ({ ...box, ...to.get(id) }));
  return graph.definition.notes.flatMap((note) => {
    const here = centre(note);
    let nearest: { id: string; distance: number } | undefined;
    for (const [id, box] of graph.boxes) {
      const there = centre(box);
      const distance = Math.hypot(there.x - here.x, there.y - here.y);
      if (distance < (nearest?.distance ?? noteReach)) nearest = { id, distance };
    }
    const move = nearest && to.get(nearest.id);
    const was = nearest && graph.boxes.get(nearest.id);
    const place = { ...note, x: note.x + (move && was ? move.x - was.x : 0), y: note.y + (move && was ? move.y - was.y : 0) };
    const hit = after.filter((box) => overlaps(place, box));
    if (hit.length > 0) place.y = snap(Math.min(...hit.map((box) => box.y)) - note.height - 24);
    return place.x === note.x && place.y === note.y ? [] : [{ op: 'setNote', note: place } satisfies Operation];
  });
}

const noteReach = 480;

/** Whether a node could be put into an edge by dropping it there. */
export const canSplice = (graph: Graph, id: string): boolean => {
  const ports = graph.ports.get(id);
  return ports !== undefined && ports.in.length > 0 && ports.out.length > 0 && incoming(graph, id).length === 0 && outgoing(graph, id).length === 0;
};
