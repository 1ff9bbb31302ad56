import { describe, expect, it } from 'vitest';
import { keyName } from '../src/editor/keyboard';
import { bringIn, fitTo, guidesFor } from '../src/editor/viewport';
import { toSvg } from '../src/model/export';
import type { Ink } from '../src/model/export';
import { fullDefinition } from '../src/model/definition';
import { graphOf } from '../src/model/graph';
import { portAt } from '../src/model/geometry';
import { duration } from '../src/model/labels';
import { arrange } from '../src/model/layout';
import { flowOrder, neighbour, stream } from '../src/model/navigation';
import { subtitleOf } from '../src/model/ports';
import { findTypes } from '../src/model/search';
import { StatusStore } from '../src/model/statusStore';
import { sample, types } from './arbitrary';

const graph = graphOf(sample(), types);

describe('walking', () => {
  it('follows the edges and keeps to the branch', () => {
    expect(neighbour(graph, 'start', 'right')).toBe('get');
    expect(neighbour(graph, 'check', 'right')).toBe('yes');
    expect(neighbour(graph, 'yes', 'down')).toBe('no');
    expect(neighbour(graph, 'no', 'up')).toBe('yes');
    expect(neighbour(graph, 'no', 'left')).toBe('check');
    expect(neighbour(graph, 'start', 'left')).toBeUndefined();
  });

  it('selects what lies up- and downstream', () => {
    expect([...stream(graph, ['check'], 'down')].sort()).toEqual(['check', 'no', 'yes']);
    expect([...stream(graph, ['check'], 'up')].sort()).toEqual(['check', 'get', 'start']);
  });

  it('lists nodes in the order in which they run, branches one deeper', () => {
    expect(flowOrder(graph)).toEqual([{ id: 'start', level: 1 }, { id: 'get', level: 1 }, { id: 'check', level: 1 }, { id: 'yes', level: 2 }, { id: 'no', level: 2 }]);
  });

  it('passes over edges that lead nowhere', () => {
    const dangling = graphOf(fullDefinition({ ...sample(), edges: [...sample().edges, { id: 'x', from: 'get', fromPort: 'out', to: 'gone', toPort: 'in' }, { id: 'y', from: 'gone', fromPort: 'out', to: 'get', toPort: 'in' }] }), types);
    expect(flowOrder(dangling)).toEqual(flowOrder(graph));
    expect(neighbour(dangling, 'get', 'right')).toBe('check');
    expect(dangling.edges.has('x')).toBe(false);
  });

  it('lists every node once even in a circle', () => {
    const round = fullDefinition({ ...sample(), edges: [...sample().edges, { id: 'back', from: 'yes', fromPort: 'out', to: 'get', toPort: 'in' }] });
    expect(flowOrder(graphOf(round, types)).map((item) => item.id).sort()).toEqual(['check', 'get', 'no', 'start', 'yes']);
  });
});

describe('the view', () => {
  const size = { width: 1000, height: 600 };
  const inset = { top: 0, right: 400, bottom: 0, left: 0 };

  it('brings a node out from under a panel and otherwise stays', () => {
    const viewport = { x: 0, y: 0, zoom: 1 };
    const box = { x: 500, y: 100, width: 240, height: 80 };
    expect(bringIn(box, viewport, size, inset)).toEqual({ x: -164, y: 0, zoom: 1 });
    expect(bringIn(box, viewport, size, { ...inset, right: 0 })).toBeUndefined();
  });

  it('fits everything between the panels, never enlarged', () => {
    expect(fitTo({ x: 0, y: 0, width: 100, height: 100 }, size, inset).zoom).toBe(1);
    const { zoom, x } = fitTo({ x: -500, y: 0, width: 2000, height: 100 }, size, inset);
    expect(zoom).toBeLessThan(0.3);
    expect(-500 * zoom + x).toBeGreaterThanOrEqual(24);
    expect(1500 * zoom + x).toBeLessThanOrEqual(600 - 24);
  });

  it('finds what stands level', () => {
    expect(guidesFor({ x: 0, y: 0, width: 10, height: 10 }, [{ x: 50, y: 0, width: 10, height: 10 }]).map((guide) => [guide.axis, guide.at])).toEqual([['y', 0], ['y', 5], ['y', 10]]);
  });
});

describe('the status', () => {
  it('keeps the last for each node and tells only those that it is about, once a frame', () => {
    const frames: (() => void)[] = [];
    const store = new StatusStore((flush) => frames.push(flush));
    const told: string[] = [];
    store.onNode('a', () => told.push(`a ${store.node('a')?.state}`));
    store.onNode('b', () => told.push('b'));
    for (let seq = 1; seq <= 50; seq++) store.patch({ run: 'r', seq, n: [['a', seq < 50 ? 'running' : 'done', seq]] });
    expect(frames).toHaveLength(1);
    frames.shift()!();
    expect(told).toEqual(['a done']);
    store.patch({ run: 'r', seq: 3, n: [['a', 'running']] });
    expect(frames).toHaveLength(0);
    store.patch({ run: 'next', seq: 1, n: [['b', 'waiting']] });
    frames.shift()!();
    expect(store.node('a')).toBeUndefined();
    expect(store.node('b')?.state).toBe('waiting');
  });
});

describe('searching', () => {
  it('finds the wanted kind with three letters', () => {
    const list = [...types.values()];
    expect(findTypes(list, 'htt', false)[0]!.kind).toBe('http_request');
    expect(findTypes(list, 'api', false)[0]!.kind).toBe('http_request');
    expect(findTypes(list, 'swi', false)[0]!.kind).toBe('switch');
    expect(findTypes(list, 'zzz', false)).toEqual([]);
    expect(findTypes(list, '', true)[0]!.role).toBe('trigger');
    expect(findTypes(list, '', false)[0]!.role).not.toBe('trigger');
  });
});

describe('texts', () => {
  it('fill the second line from the settings', () => {
    const node = { ...sample().nodes[1]!, settings: { method: 'GET', url: 'https://x' } };
    expect(subtitleOf(node, types.get('http_request'))).toBe('GET https://x');
    expect(subtitleOf({ ...node, settings: {} }, types.get('http_request'))).toBe('HTTP request');
  });

  it('say durations as people do', () => {
    expect([3, 999, 1000, 4230, 185_000, 7_260_000].map(duration)).toEqual(['3 ms', '999 ms', '1.0 s', '4.2 s', '3 min 5 s', '2 h 1 min']);
  });

  it('name keys alike on all systems', () => {
    const key = (key: string, more = {}) => keyName({ key, code: `Key${key.toUpperCase()}`, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
    expect([key('N'), key('z', { metaKey: true }), key('Z', { ctrlKey: true, shiftKey: true }), key('?', { shiftKey: true }), key('S', { shiftKey: true }), key('†', { altKey: true, shiftKey: true, code: 'KeyT' })])
      .toEqual(['n', 'Ctrl+z', 'Ctrl+Shift+Z', '?', 'Shift+S', 'Shift+Alt+T']);
  });
});

describe('the layout', () => {
  it('runs from left to right, without overlaps, at the same corner', () => {
    const links = sample().edges.map((edge) => ({ from: edge.from, to: edge.to, out: portAt(graph.ports.get(edge.from)!, 'out', edge.fromPort).y, in: portAt(graph.ports.get(edge.to)!, 'in', edge.toPort).y }));
    const places = arrange({ nodes: [...graph.boxes].map(([id, box]) => ({ id, ...box })), edges: links });
    const x = Object.fromEntries(places.map((place) => [place.id, place.x]));
    expect(x['start']! < x['get']! && x['get']! < x['check']! && x['check']! < x['yes']!).toBe(true);
    expect([Math.min(...places.map((place) => place.x)), Math.min(...places.map((place) => place.y))]).toEqual([0, -64]);
    const y = Object.fromEntries(places.map((place) => [place.id, place.y]));
    expect(y['start']).toBe(y['get']);
    expect(y['yes']! + 80).toBeLessThan(y['no']!);
  });

  it('takes a thousand nodes', () => {
    const nodes = Array.from({ length: 1000 }, (_, index) => ({ id: `n${index}`, x: 0, y: 0, width: 240, height: 80 }));
    const edges = nodes.slice(1).map((node, index) => ({ from: nodes[index >> 1]!.id, to: node.id, out: 40, in: 40 }));
    const places = arrange({ nodes, edges }).sort((a, b) => a.x - b.x || a.y - b.y);
    places.slice(1).forEach((place, index) => expect(place.x > places[index]!.x || place.y - places[index]!.y >= 80).toBe(true));
  }, 60_000);
});

describe('the exported picture', () => {
  it('holds no markup from texts', () => {
    const pair = { soft: '#eee', strong: '#333' };
    const tints = { grey: pair, blue: pair, green: pair, amber: pair, red: pair, violet: pair };
    const ink: Ink = { canvas: '#fff', surface: '#fff', line: '#888', edge: '#777', ink: '#000', faint: '#555', font: 'sans-serif', roles: { trigger: pair, action: pair, control: pair, loop: pair, unknown: pair }, tints };
    const hostile = '<script>alert(1)</script>"\'&\u0000';
    const definition = fullDefinition({
      name: hostile, nodes: [{ id: 'a', kind: hostile, name: hostile }], groups: [{ id: 'g', name: hostile, x: 0, y: 0, width: 800, height: 50, color: 'grey' }], notes: [{ id: 'n', text: hostile, x: 0, y: 0, width: 500, height: 90, color: 'amber' }],
    });
    const svg = toSvg(graphOf(definition, new Map()), ink);
    expect(svg).not.toMatch(/<script|alert\(1\)<\/|\u0000/);
    expect(svg.startsWith('<svg xmlns=')).toBe(true);
  });
});
