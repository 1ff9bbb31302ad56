import { describe, expect, it } from 'vitest';
import { copyText, pasteOps, readClip } from '../src/model/clipboard';
import { emptyDefinition } from '../src/model/definition';
import { apply } from '../src/model/operations';
import { sample, types } from './arbitrary';

const everything = new Set(['start', 'get', 'check', 'yes', 'no']);
const here = { x: 32, y: 32 };

describe('the clipboard', () => {
  it('makes every id new where it is taken, and references follow', () => {
    const definition = sample();
    const clip = readClip(copyText(definition, new Set(['get', 'yes']))!)!;
    const { ops, ids } = pasteOps(definition, types, clip, here);
    const after = apply(definition, ops).definition;
    expect(ids).toEqual(['get_2', 'yes_2']);
    expect(new Set(after.nodes.map((node) => node.id)).size).toBe(7);
    expect(new Set(after.nodes.map((node) => node.name)).size).toBe(7);
    expect(after.nodes.at(-1)!.settings['text']).toBe('was {{nodes.get_2.body}} and {{nodes.start.x}}, nodes.get outside');
  });

  it('takes a whole workflow to another one unchanged but for its places', () => {
    const { ops } = pasteOps(emptyDefinition, types, readClip(copyText(sample(), everything)!)!, here);
    const pasted = apply(emptyDefinition, ops).definition;
    expect(pasted.nodes).toEqual(sample().nodes.map((node) => ({ ...node, x: node.x + 32, y: node.y + 32 })));
    expect(pasted.edges.map(({ id: _, ...edge }) => edge)).toEqual(sample().edges.map(({ id: _, ...edge }) => edge));
  });

  it('stays unique however often it is pasted', () => {
    let definition = sample();
    const clip = readClip(copyText(definition, everything)!)!;
    for (let time = 0; time < 20; time++) definition = apply(definition, pasteOps(definition, types, clip, here).ops).definition;
    expect(definition.nodes).toHaveLength(105);
    expect(new Set([...definition.nodes, ...definition.edges].map((item) => item.id)).size).toBe(105 + 84);
    for (const node of definition.nodes) expect(node.id).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,49}$/);
  });

  it('leaves unknown kinds out and names them', () => {
    const clip = readClip(JSON.stringify({ format: 'agentlab.workflow/1', nodes: [{ id: 'a', kind: 'shell' }, { id: 'b', kind: 'set' }], edges: [{ id: 'e', from: 'a', to: 'b' }] }))!;
    const { ops, unknown } = pasteOps(emptyDefinition, types, clip, here);
    expect(unknown).toEqual(['shell']);
    expect(ops.map((operation) => operation.op)).toEqual(['addNode']);
  });

  it.each(['', 'hello', '{', '{"format":"other"}', '[]', 'null', '{"format":"agentlab.workflow-part/1"}'])('takes other texts for what they are: %s', (text) => {
    expect(readClip(text)?.nodes ?? []).toEqual([]);
  });

  it('copies nothing when nothing is selected', () => {
    expect(copyText(sample(), new Set())).toBeUndefined();
  });
});
