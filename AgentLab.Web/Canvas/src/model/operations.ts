import { fullGroup, fullHead, fullNode, fullNote } from './definition';
import { same } from './json';
import type { Definition, JsonObject, NodeMove, Operation, WorkflowNode } from './types';

/** An operation that does not fit the definition: another person has changed it meanwhile. */
export class Conflict extends Error {}

export interface Applied {
  definition: Definition;
  /** The operations that undo it, in the order in which they are to be applied. */
  inverse: Operation[];
}

const insert = <T>(list: readonly T[], item: T, at: number | undefined): T[] =>
  at === undefined || at >= list.length ? [...list, item] : [...list.slice(0, at), item, ...list.slice(at)];

const replace = <T>(list: readonly T[], index: number, item: T): T[] => {
  const copy = list.slice();
  copy[index] = item;
  return copy;
};

const without = <T>(list: readonly T[], index: number): T[] => [...list.slice(0, index), ...list.slice(index + 1)];

function find<T extends { id: string }>(list: readonly T[], id: string, what: string): number {
  const index = list.findIndex((item) => item.id === id);
  if (index < 0) throw new Conflict(`${what} ${id} is not there any more`);
  return index;
}

function moveNodes(definition: Definition, moves: readonly NodeMove[]): Applied {
  const wanted = new Map(moves.map((move) => [move.id, move]));
  const back: NodeMove[] = [];
  const nodes = definition.nodes.map((node) => {
    const move = wanted.get(node.id);
    if (!move) return node;
    wanted.delete(node.id);
    back.push({ id: node.id, x: node.x, y: node.y });
    return { ...node, x: move.x, y: move.y };
  });
  const [missing] = wanted.keys();
  if (missing !== undefined) throw new Conflict(`node ${missing} is not there any more`);
  return { definition: { ...definition, nodes }, inverse: [{ op: 'moveNodes', moves: back }] };
}

/** Puts an item in the place of the one with its id; a new one at its place, or at the end. */
function put<T extends { id: string }>(list: readonly T[], item: T, at: number | undefined): { list: T[]; before: T | undefined } {
  const index = list.findIndex((candidate) => candidate.id === item.id);
  return index < 0 ? { list: insert(list, item, at), before: undefined } : { list: replace(list, index, item), before: list[index] };
}

/** Applies one operation. Throws {@link Conflict} when it does not fit; the definition handed in never changes. */
export function applyOne(definition: Definition, operation: Operation): Applied {
  switch (operation.op) {
    case 'addNode': {
      const node = fullNode(operation.node);
      if (definition.nodes.some((other) => other.id === node.id)) throw new Conflict(`node ${node.id} is there already`);
      return { definition: { ...definition, nodes: insert(definition.nodes, node, operation.at) }, inverse: [{ op: 'removeNode', id: node.id }] };
    }
    case 'setNode': {
      const index = find(definition.nodes, operation.node.id, 'node');
      const before = definition.nodes[index] as WorkflowNode;
      return { definition: { ...definition, nodes: replace(definition.nodes, index, fullNode(operation.node)) }, inverse: [{ op: 'setNode', node: before }] };
    }
    case 'moveNodes':
      return moveNodes(definition, operation.moves);
    case 'removeNode': {
      const index = find(definition.nodes, operation.id, 'node');
      if (definition.edges.some((edge) => edge.from === operation.id || edge.to === operation.id)) throw new Conflict(`node ${operation.id} still has edges`);
      return {
        definition: { ...definition, nodes: without(definition.nodes, index) },
        inverse: [{ op: 'addNode', node: definition.nodes[index] as WorkflowNode, at: index }],
      };
    }
    case 'addEdge': {
      const { edge } = operation;
      if (definition.edges.some((other) => other.id === edge.id)) throw new Conflict(`edge ${edge.id} is there already`);
      find(definition.nodes, edge.from, 'node');
      find(definition.nodes, edge.to, 'node');
      return { definition: { ...definition, edges: insert(definition.edges, edge, operation.at) }, inverse: [{ op: 'removeEdge', id: edge.id }] };
    }
    case 'removeEdge': {
      const index = find(definition.edges, operation.id, 'edge');
      return {
        definition: { ...definition, edges: without(definition.edges, index) },
        inverse: [{ op: 'addEdge', edge: definition.edges[index]!, at: index }],
      };
    }
    default:
      return applyToFrame(definition, operation);
  }
}

type FrameOperation = Extract<Operation, { op: 'setGroup' | 'removeGroup' | 'setNote' | 'removeNote' | 'setWorkflow' }>;

function applyToFrame(definition: Definition, operation: FrameOperation): Applied {
  switch (operation.op) {
    case 'setGroup': {
      const { list, before } = put(definition.groups, fullGroup(operation.group), operation.at);
      return { definition: { ...definition, groups: list }, inverse: [before ? { op: 'setGroup', group: before } : { op: 'removeGroup', id: operation.group.id }] };
    }
    case 'removeGroup': {
      const index = find(definition.groups, operation.id, 'group');
      return { definition: { ...definition, groups: without(definition.groups, index) }, inverse: [{ op: 'setGroup', group: definition.groups[index]!, at: index }] };
    }
    case 'setNote': {
      const { list, before } = put(definition.notes, fullNote(operation.note), operation.at);
      return { definition: { ...definition, notes: list }, inverse: [before ? { op: 'setNote', note: before } : { op: 'removeNote', id: operation.note.id }] };
    }
    case 'removeNote': {
      const index = find(definition.notes, operation.id, 'note');
      return { definition: { ...definition, notes: without(definition.notes, index) }, inverse: [{ op: 'setNote', note: definition.notes[index]!, at: index }] };
    }
    case 'setWorkflow': {
      const head = fullHead(operation);
      return { definition: { ...definition, ...head }, inverse: [{ op: 'setWorkflow', ...fullHead(definition) }] };
    }
  }
}

/** Applies a gesture wholly or not at all: throws {@link Conflict} at the first operation that does not fit. */
export function apply(definition: Definition, operations: readonly Operation[]): Applied {
  let current = definition;
  let inverse: Operation[] = [];
  for (const operation of operations) {
    const step = applyOne(current, operation);
    current = step.definition;
    inverse = [...step.inverse, ...inverse];
  }
  return { definition: current, inverse };
}

/**
 * The node as it is now with what a gesture had changed between two states of it put into the later state: an undo takes back its own fields only and keeps
 * what another person changed since.
 */
export function carryOver(now: WorkflowNode, from: WorkflowNode, to: WorkflowNode): WorkflowNode {
  const result: Record<string, unknown> = { ...now };
  const before = from as unknown as Record<string, unknown>;
  const after = to as unknown as Record<string, unknown>;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (same(before[key], after[key])) continue;
    if (key === 'settings') result[key] = carrySettings(now.settings, from.settings, to.settings);
    else if (after[key] === undefined) delete result[key];
    else result[key] = after[key];
  }
  return result as unknown as WorkflowNode;
}

function carrySettings(now: JsonObject, from: JsonObject, to: JsonObject): JsonObject {
  const result: JsonObject = { ...now };
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (same(from[key], to[key])) continue;
    if (Object.hasOwn(to, key)) result[key] = to[key] as JsonObject[string];
    else delete result[key];
  }
  return result;
}

/** Whether a gesture (from one state of a node to the next) and whoever brought the node to what it is now have changed the same field or setting to different things. */
export function clashes(now: WorkflowNode, from: WorkflowNode, to: WorkflowNode): boolean {
  const differ = (current: object, before: object, after: object): boolean => {
    const [a, b, c] = [current, before, after].map((value) => value as Record<string, unknown>) as [Record<string, unknown>, Record<string, unknown>, Record<string, unknown>];
    return Object.keys({ ...b, ...c }).some((key) => key !== 'settings' && !same(b[key], c[key]) && !same(a[key], b[key]) && !same(a[key], c[key]));
  };
  return differ(now, from, to) || differ(now.settings, from.settings, to.settings);
}

/** Whether a gesture would change nothing. */
export function changesNothing(definition: Definition, operations: readonly Operation[]): boolean {
  return operations.every((operation) => {
    switch (operation.op) {
      case 'setNode': return same(definition.nodes.find((node) => node.id === operation.node.id), fullNode(operation.node));
      case 'moveNodes': return operation.moves.every((move) => definition.nodes.some((node) => node.id === move.id && node.x === move.x && node.y === move.y));
      case 'setGroup': return same(definition.groups.find((group) => group.id === operation.group.id), operation.group);
      case 'setNote': return same(definition.notes.find((note) => note.id === operation.note.id), operation.note);
      case 'setWorkflow': return same(fullHead(definition), fullHead(operation));
      default: return false;
    }
  });
}
