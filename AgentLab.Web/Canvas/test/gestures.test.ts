import { describe, expect, it } from 'vitest';
import { fullDefinition } from '../src/model/definition';
import { boxOf, overlaps } from '../src/model/geometry';
import * as gestures from '../src/model/gestures';
import { graphOf, refusal } from '../src/model/graph';
import { apply } from '../src/model/operations';
import type { Definition } from '../src/model/types';
import { sample, types } from './arbitrary';

const graph = (definition: Definition = sample()) => graphOf(definition, types);
const after = (definition: Definition, gesture: gestures.Gesture | undefined) => apply(definition, gesture!.ops).definition;
const wires = (definition: Definition) => definition.edges.map((edge) => `${edge.from}.${edge.fromPort}>${edge.to}`).sort();

function expectNoOverlap(definition: Definition): void {
  const { ports, nodes } = graph(definition);
  const boxes = [...nodes.values()].map((node) => boxOf(node, ports.get(node.id)!));
  boxes.forEach((box, index) => boxes.slice(index + 1).forEach((other) => expect(overlaps(box, other)).toBe(false)));
}

describe('gestures', () => {
  it('wire a new node to the output it follows and place it clear of the others', () => {
    let definition = sample();
    for (let time = 0; time < 12; time++) {
      const next = gestures.lastOpen(graph(definition))!;
      definition = after(definition, gestures.addNode(graph(definition), types.get(time % 3 ? 'set' : 'if')!, { after: next }));
    }
    expect(definition.edges).toHaveLength(16);
    expectNoOverlap(definition);
    for (const node of definition.nodes) expect([node.x % 16, Math.abs(node.y % 16)]).toEqual([0, 0]);
  });

  it('make a node of its own kind from a preset', () => {
    const preset = { ...types.get('set')!, kind: 'block:1', makes: 'set', title: 'Note the order', defaults: { settings: { text: 'noted' } } };
    const made = after(sample(), gestures.addNode(graph(), preset, { edge: 'e2' })).nodes.find((node) => node.name === 'Note the order')!;
    expect([made.id, made.kind, made.settings]).toEqual(['set', 'set', { text: 'noted' }]);
    expect(graph(after(sample(), gestures.addNode(graph(), preset, { edge: 'e2' }))).ports.get('set')!.out).toHaveLength(1);
  });

  it('put a new node into an edge and make room for it', () => {
    const definition = after(sample(), gestures.addNode(graph(), types.get('set')!, { edge: 'e2' }));
    expect(wires(definition)).toEqual(['check.false>no', 'check.true>yes', 'get.out>set', 'set.out>check', 'start.out>get']);
    expectNoOverlap(definition);
  });

  it('add a node without a connection where nothing can lead to it', () => {
    const definition = after(sample(), gestures.addNode(graph(), types.get('manual')!, { after: { node: 'yes', port: 'out' } }));
    expect(definition.edges).toHaveLength(4);
    expectNoOverlap(definition);
  });

  it('connect the neighbours of a removed node', () => {
    const gesture = gestures.remove(graph(), new Set(['get']))!;
    expect(wires(after(sample(), gesture))).toEqual(['check.false>no', 'check.true>yes', 'start.out>check']);
    expect(gesture.ops.map((operation) => operation.op)).toEqual(['removeEdge', 'removeEdge', 'removeNode', 'addEdge']);
  });

  it('connect over several removed nodes in a row', () => {
    expect(wires(after(sample(), gestures.remove(graph(), new Set(['get', 'check']))))).toEqual(['start.out>yes']);
  });

  it('splice a node without edges into an edge', () => {
    const definition = fullDefinition({ ...sample(), nodes: [...sample().nodes, { id: 'lone', kind: 'set', name: 'Lone', x: 0, y: 500 }] });
    expect(wires(after(definition, gestures.splice(graph(definition), 'lone', 'e1', { x: 168, y: 0 })))).toContain('lone.out>get');
    // Between two that stand close it makes room, as a new node does; in a wide gap it stays where it was dropped.
    expectNoOverlap(after(definition, gestures.splice(graph(definition), 'lone', 'e2', { x: 500, y: 8 })));
    const wide = after(definition, { label: '', ops: [{ op: 'moveNodes', moves: ['check', 'yes', 'no'].map((id, index) => ({ id, x: 1600, y: index * 200 })) }] });
    expect(after(wide, gestures.splice(graph(wide), 'lone', 'e2', { x: 804, y: 30 })).nodes.find((node) => node.id === 'lone')).toMatchObject({ x: 800, y: 32 });
    expect(gestures.splice(graph(definition), 'get', 'e4', { x: 0, y: 0 })).toBeUndefined();
  });

  it('refuse circles, doubles, unknown ports and a node to itself', () => {
    expect(refusal(graph(), 'yes', 'out', 'get', 'in')).toBe('cycle');
    expect(refusal(graph(), 'start', 'out', 'get', 'in')).toBe('there-already');
    expect(refusal(graph(), 'get', 'nowhere', 'no', 'in')).toBe('no-port');
    expect(refusal(graph(), 'yes', 'out', 'start', 'in')).toBe('no-port');
    expect(refusal(graph(), 'get', 'out', 'get', 'in')).toBe('self');
    expect(refusal(graph(), 'yes', 'out', 'no', 'in')).toBeUndefined();
    const typed = new Map(types).set('set', { ...types.get('set')!, ports: { in: [{ name: 'in', label: '', accepts: 'list' }], out: [{ name: 'out', label: '', accepts: 'text' }] } });
    expect(refusal(graphOf(sample(), typed), 'yes', 'out', 'no', 'in')).toBe('type');
    expect(refusal(graphOf(sample(), typed), 'get', 'out', 'no', 'in')).toBeUndefined();
  });

  it('group nodes, move them with their frame and dissolve it again', () => {
    const grouped = after(sample(), gestures.group(graph(), new Set(['yes', 'no'])));
    const [frame] = grouped.groups;
    expect(grouped.nodes.filter((node) => node.group === frame!.id)).toHaveLength(2);
    const places = new Map([[frame!.id, { x: frame!.x + 160, y: frame!.y }], ['yes', { x: 1168, y: -64 }], ['no', { x: 1168, y: 96 }]]);
    const moved = after(grouped, gestures.move(graph(grouped), places));
    expect(moved.nodes.filter((node) => node.group === frame!.id).map((node) => node.x)).toEqual([1168, 1168]);
    const out = after(moved, gestures.move(graph(moved), new Map([['no', { x: 0, y: 900 }]])));
    expect(out.nodes.find((node) => node.id === 'no')!.group).toBeUndefined();
    const dissolved = after(moved, gestures.group(graph(moved), new Set([frame!.id])));
    expect(dissolved.groups).toEqual([]);
    expect(dissolved.nodes.some((node) => node.group)).toBe(false);
  });

  it('keep edges whose port is gone, marked as broken', () => {
    const definition = fullDefinition({ nodes: [{ id: 's', kind: 'switch', name: 'S', settings: { cases: [{ name: 'b' }] } }, { id: 't', kind: 'set', name: 'T' }], edges: [{ id: 'e', from: 's', fromPort: 'a', to: 't', toPort: 'in' }] });
    expect(graph(definition).ports.get('s')!.out).toEqual([{ name: 'b', label: 'b' }, { name: 'default', label: 'default' }, { name: 'a', label: 'a', missing: true }]);
  });

  it('draw an unknown kind instead of breaking', () => {
    const definition = fullDefinition({ nodes: [{ id: 'x', kind: 'from_the_future', name: 'X' }] });
    expect(graph(definition).ports.get('x')).toEqual({ in: [{ name: 'in', label: '' }], out: [{ name: 'out', label: '' }] });
  });
});
