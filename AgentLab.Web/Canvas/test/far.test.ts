import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placedPath } from '../src/model/paths';
import type { StatusPatch } from '../src/model/types';
import { mostInFrame, StatusStore } from '../src/model/statusStore';
import { icons, stateIcons } from '../src/view/icons';
import { PathLayer } from '../src/view/pathLayer';

describe('placing a path', () => {
  it('moves places, scales lengths and leaves angles and flags', () => {
    expect(placedPath('M12 5v14M5 12h14', 100, 200, 2)).toBe('M124 210v28M110 224h28');
    expect(placedPath('M6 6L18 18H4V2z', 10, 20, 0.5)).toBe('M13 23L19 29H12V21z');
    expect(placedPath('M6 8a4 4 30 1 0 2-7.5z', 100, 0, 2)).toBe('M112 16a8 8 30 1 0 4 -15z');
    expect(placedPath('M0 0A3 3 0 0 1 6 6', 10, 10, 1)).toBe('M10 10A3 3 0 0 1 16 16');
    expect(placedPath('M1 1C2 2 3 3 4 4S5 5 6 6Q7 7 8 8T9 9', 10, 0, 1)).toBe('M11 1C12 2 13 3 14 4S15 5 16 6Q17 7 18 8T19 9');
  });

  it('reads flags that stand close together, exponents and bare fractions', () => {
    expect(placedPath('M0 0a2 2 0 012-2', 0, 0, 1)).toBe('M0 0a2 2 0 0 1 2 -2');
    expect(placedPath('M.5.5l1e1,-.5', 1, 1, 1)).toBe('M1.5 1.5l10 -0.5');
  });

  it('takes the first move as absolute and further pairs of a move as lines', () => {
    expect(placedPath('m1 1 2 2', 10, 10, 1)).toBe('M11 11l2 2');
    expect(placedPath('M1 1 2 2', 10, 10, 1)).toBe('M11 11L12 12');
  });

  it('ends where the path cannot be read', () => {
    expect(placedPath('M1 1L2 oops', 0, 0, 1)).toBe('M1 1');
    expect(placedPath('M1 1X5 5', 0, 0, 1)).toBe('M1 1');
    expect(placedPath('', 0, 0, 1)).toBe('');
  });

  it('is the same path when nothing moves, and placed twice as placed once', () => {
    for (const icon of [...Object.values(icons), ...Object.values(stateIcons)]) {
      const plain = placedPath(icon, 0, 0, 1);
      expect(placedPath(plain, 0, 0, 1)).toBe(plain);
      fc.assert(fc.property(fc.integer({ min: -9000, max: 9000 }), fc.integer({ min: -9000, max: 9000 }), (x, y) => {
        expect(placedPath(placedPath(icon, x, y, 1), -x, -y, 1)).toBe(plain);
      }), { numRuns: 20 });
    }
  });
});

describe('a layer of paths', () => {
  const layer = () => {
    const told: string[] = [];
    let made = 0;
    const paths = new PathLayer(() => {
      const name = `p${++made}`;
      return { setAttribute: (attribute: string, value: string) => { told.push(`${name} ${attribute}=${value}`); }, remove: () => { told.push(`${name} gone`); } };
    });
    return { paths, heard: () => told.splice(0) };
  };

  it('touches only what differs', () => {
    const { paths, heard } = layer();
    paths.draw('a', 'M0 0', 'wire');
    paths.draw('b', 'M1 1', 'wire');
    expect(heard()).toEqual(['p1 d=M0 0', 'p1 class=wire', 'p2 d=M1 1', 'p2 class=wire']);
    paths.draw('a', 'M0 0', 'wire active');
    paths.draw('b', 'M1 1', 'wire');
    expect(heard()).toEqual(['p1 class=wire active']);
    paths.draw('b', 'M2 2', 'wire');
    expect(heard()).toEqual(['p2 d=M2 2']);
  });

  it('takes away what is no longer there, and draws it anew when it comes back', () => {
    const { paths, heard } = layer();
    paths.draw('a', 'M0 0', '');
    paths.draw('b', 'M1 1', '');
    heard();
    paths.keep(new Set(['b']));
    expect(heard()).toEqual(['p1 gone']);
    paths.draw('a', 'M0 0', '');
    expect(heard()).toEqual(['p3 d=M0 0']);
  });
});

describe('states for those who follow all of them', () => {
  const store = () => {
    const asked: (() => void)[] = [];
    const status = new StatusStore((next) => { asked.push(next); });
    const heard: string[][][] = [];
    status.onAny((nodes, edges) => heard.push([[...nodes], [...edges]]));
    return { status, heard, patch: (patch: StatusPatch) => status.patch(patch), frame: () => asked.splice(0).forEach((flush) => flush()), asked: () => asked.length };
  };

  it('are told once a frame, with the ids that have changed and no others', () => {
    const { heard, patch, frame } = store();
    patch({ run: 'r', seq: 1, n: [['a', 'running'], ['b', 'running']], e: [['x', 1]] });
    patch({ run: 'r', seq: 2, n: [['b', 'done']] });
    frame();
    expect(heard).toEqual([[['a', 'b'], ['x']]]);
    patch({ run: 'r', seq: 3, n: [['b', 'failed']] });
    frame();
    expect(heard[1]).toEqual([['b'], []]);
  });

  it('are told of everything that a cleared run leaves', () => {
    const { status, heard, patch, frame } = store();
    patch({ run: 'r', seq: 1, n: [['a', 'running']], e: [['x', 1]] });
    frame();
    status.clear();
    frame();
    expect(heard[1]).toEqual([['a'], ['x']]);
    expect(status.node('a')).toBeUndefined();
  });

  it('come over several frames when they are many, in their order, the last for each id', () => {
    const { status, heard, patch, frame, asked } = store();
    const ids = Array.from({ length: mostInFrame + 20 }, (_, index) => `n${index}`);
    patch({ run: 'r', seq: 1, n: ids.map((id) => [id, 'running']), e: [['x', 1]] });
    frame();
    expect(heard[0]).toEqual([ids.slice(0, mostInFrame), ['x']]);
    expect(status.node(ids.at(-1)!)).toBeUndefined();
    patch({ run: 'r', seq: 2, n: [['n0', 'done'], [ids.at(-1)!, 'done']] });
    expect(asked()).toBe(1);
    frame();
    expect(heard[1]).toEqual([[...ids.slice(mostInFrame), 'n0'], []]);
    expect(status.node(ids.at(-1)!)?.state).toBe('done');
    expect(asked()).toBe(0);
  });

  it('never mix two runs: what is left of one goes at once', () => {
    const { status, patch, frame } = store();
    const ids = Array.from({ length: 2 * mostInFrame }, (_, index) => `n${index}`);
    patch({ run: 'one', seq: 1, n: ids.map((id) => [id, 'running']) });
    frame();
    frame();
    patch({ run: 'two', seq: 1, n: [['n0', 'running']] });
    frame();
    expect([...status.all.keys()]).toEqual(['n0']);
  });
});
