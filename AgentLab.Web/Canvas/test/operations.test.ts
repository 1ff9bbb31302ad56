import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, applyOne, carryOver, changesNothing, Conflict } from '../src/model/operations';
import { gestureFor, gestures, sample } from './arbitrary';

describe('operations', () => {
  it('are undone by their inverse, whatever they are', () => {
    fc.assert(fc.property(gestures, (all) => {
      let definition = sample();
      all.forEach((drafts, number) => {
        const before = definition;
        const frozen = JSON.stringify(before);
        const { definition: after, inverse } = apply(before, gestureFor(before, drafts, number));
        expect(apply(after, inverse).definition).toEqual(before);
        expect(JSON.stringify(before)).toBe(frozen);
        definition = after;
      });
    }), { numRuns: 60 });
  });

  it('put a removed node and a removed edge back where they were in the list', () => {
    const before = sample();
    const { definition, inverse } = apply(before, [{ op: 'removeEdge', id: 'e2' }, { op: 'removeEdge', id: 'e1' }, { op: 'removeNode', id: 'get' }]);
    expect(definition.nodes.map((node) => node.id)).toEqual(['start', 'check', 'yes', 'no']);
    expect(apply(definition, inverse).definition).toEqual(before);
  });

  it.each([
    [{ op: 'removeNode', id: 'get' }], [{ op: 'removeNode', id: 'nobody' }], [{ op: 'removeEdge', id: 'nobody' }], [{ op: 'moveNodes', moves: [{ id: 'nobody', x: 0, y: 0 }] }],
    [{ op: 'addEdge', edge: { id: 'e1', from: 'get', fromPort: 'out', to: 'no', toPort: 'in' } }], [{ op: 'addEdge', edge: { id: 'new', from: 'get', fromPort: 'out', to: 'nobody', toPort: 'in' } }],
  ] as Parameters<typeof applyOne>[1][][])('refuse what does not fit: %j', (operation) => {
    expect(() => applyOne(sample(), operation)).toThrow(Conflict);
  });

  it('carry only the changed fields over', () => {
    const [, get] = sample().nodes;
    const after = { ...get!, name: 'Fetch', settings: { url: 'x', method: 'GET' } };
    const meanwhile = { ...after, x: 500, disabled: true, settings: { ...after.settings, body: '1' } };
    expect(carryOver(meanwhile, after, get!)).toEqual({ ...meanwhile, name: 'Get', settings: { url: get!.settings['url'], body: '1' } });
  });

  it('know when they change nothing', () => {
    const definition = sample();
    expect(changesNothing(definition, [{ op: 'setNode', node: { ...definition.nodes[0]! } }, { op: 'moveNodes', moves: [{ id: 'get', x: 336, y: 0 }] }])).toBe(true);
    expect(changesNothing(definition, [{ op: 'moveNodes', moves: [{ id: 'get', x: 337, y: 0 }] }])).toBe(false);
  });
});
