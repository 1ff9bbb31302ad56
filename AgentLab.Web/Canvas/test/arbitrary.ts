import fc from 'fast-check';
import { fullDefinition } from '../src/model/definition';
import { apply } from '../src/model/operations';
import type { Color, Definition, NodeType, Operation } from '../src/model/types';

const port = (name: string) => ({ name, label: name });

export const types = new Map<string, NodeType>(([
  { kind: 'manual', title: 'Manual start', role: 'trigger', ports: { in: [], out: [port('out')] } },
  { kind: 'set', title: 'Set values', role: 'action', ports: { in: [port('in')], out: [port('out')] } },
  { kind: 'if', title: 'If', role: 'control', ports: { in: [port('in')], out: [port('true'), port('false')] } },
  { kind: 'switch', title: 'Switch', role: 'control', ports: { in: [port('in')], out: [port('default')] }, dynamicPorts: { setting: '/cases', nameFrom: '/name', extra: ['default'] }, defaults: { settings: { cases: [{ name: 'a' }] } } },
  { kind: 'http_request', title: 'HTTP request', role: 'action', ports: { in: [port('in')], out: [port('out')] }, subtitle: '{method} {url}', keywords: ['api', 'get'] },
] as Partial<NodeType>[]).map((type) => [type.kind!, { group: 'Data', icon: 'M0 0', description: '', ...type } as NodeType]));

/** A small workflow: a chain with a fork. */
export const sample = (): Definition => fullDefinition({
  name: 'Sample',
  nodes: [
    { id: 'start', kind: 'manual', name: 'Start', x: 0, y: 0 },
    { id: 'get', kind: 'http_request', name: 'Get', x: 336, y: 0, settings: { url: '{{nodes.start.url}}' } },
    { id: 'check', kind: 'if', name: 'Check', x: 672, y: 0 },
    { id: 'yes', kind: 'set', name: 'Yes', x: 1008, y: -64, settings: { text: 'was {{nodes.get.body}} and {{nodes.start.x}}, nodes.get outside' } },
    { id: 'no', kind: 'set', name: 'No', x: 1008, y: 96 },
  ],
  edges: [
    { id: 'e1', from: 'start', fromPort: 'out', to: 'get', toPort: 'in' },
    { id: 'e2', from: 'get', fromPort: 'out', to: 'check', toPort: 'in' },
    { id: 'e3', from: 'check', fromPort: 'true', to: 'yes', toPort: 'in' },
    { id: 'e4', from: 'check', fromPort: 'false', to: 'no', toPort: 'in' },
  ],
});

type Draft = { kind: number; a: number; b: number; text: string };

const draft = fc.record({ kind: fc.nat(10), a: fc.nat(30), b: fc.nat(30), text: fc.string({ maxLength: 8 }) });
const colors: Color[] = ['grey', 'blue', 'green'];

/** An operation that fits the definition, made of random numbers; undefined when there is nothing for it to act on. */
export function operationFor(definition: Definition, { kind, a, b, text }: Draft, number: number): Operation | undefined {
  const node = definition.nodes[a % Math.max(1, definition.nodes.length)];
  const other = definition.nodes[b % Math.max(1, definition.nodes.length)];
  const edge = definition.edges[a % Math.max(1, definition.edges.length)];
  const at = b % 2 ? b % (definition.nodes.length + 1) : undefined;
  switch (kind) {
    case 0: return { op: 'addNode', node: fullDefinition({ nodes: [{ id: `n${number}`, kind: 'set', name: text || 'N', x: a, y: b }] }).nodes[0]!, at };
    case 1: return node && { op: 'setNode', node: { ...node, name: text || 'N', settings: { [text]: a } } };
    case 2: return node && { op: 'moveNodes', moves: node === other || !other ? [{ id: node.id, x: a, y: b }] : [{ id: node.id, x: a, y: b }, { id: other.id, x: b, y: a }] };
    case 3: return node && !definition.edges.some((candidate) => candidate.from === node.id || candidate.to === node.id) ? { op: 'removeNode', id: node.id } : undefined;
    case 4: return node && other && { op: 'addEdge', edge: { id: `e${number}x`, from: node.id, fromPort: 'out', to: other.id, toPort: 'in' }, at: b % (definition.edges.length + 1) };
    case 5: return edge && { op: 'removeEdge', id: edge.id };
    case 6: return { op: 'setGroup', group: { id: `g${a % 4}`, name: text || 'G', x: a, y: b, width: 100, height: 100, color: colors[a % 3]! } };
    case 7: return definition.groups[0] && { op: 'removeGroup', id: definition.groups[a % definition.groups.length]!.id };
    case 8: return { op: 'setNote', note: { id: `t${a % 4}`, text, x: a, y: b, width: 100, height: 100, color: 'amber' } };
    case 9: return definition.notes[0] && { op: 'removeNote', id: definition.notes[a % definition.notes.length]!.id };
    default: return { op: 'setWorkflow', name: text, description: '', tags: [text], input: { a }, output: null, limits: { seconds: b } };
  }
}

/** Gestures that can be applied one after the other, each of some operations. */
export const gestures = fc.array(fc.array(draft, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 60 });

/** Turns random drafts into a gesture that fits. */
export function gestureFor(definition: Definition, drafts: Draft[], number: number): Operation[] {
  let current = definition;
  const ops: Operation[] = [];
  drafts.forEach((one, index) => {
    const operation = operationFor(current, one, number * 10 + index);
    if (!operation) return;
    current = apply(current, [operation]).definition;
    ops.push(operation);
  });
  return ops;
}
