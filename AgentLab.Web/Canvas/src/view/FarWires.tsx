import { ViewportPortal } from '@xyflow/react';
import { memo, useEffect, useMemo, useReducer } from 'react';
import { useStore } from '../editor/store';
import type { StepNode, View, WireEdge } from '../editor/viewModel';
import { curve, portAt, portRadius } from '../model/geometry';
import type { StatusStore } from '../model/statusStore';
import { useEditor } from './context';

/**
 * From afar all connections are a few paths: one of all, which changes with the graph only, and over it one for each way in which some look otherwise. A
 * thousand components that follow every movement would cost more than everything else together, and at that size nobody can hit one anyway.
 */
export const FarWires = memo(() => {
  const editor = useEditor();
  const view = useStore(editor.view);
  const [changed, change] = useReducer((count: number) => count + 1, 0);
  useEffect(() => editor.status.onAny(change), [editor]);
  const paths = useMemo(() => pathsOf(view), [view]);
  const all = useMemo(() => [...paths.values()].join(''), [paths]);
  const looks = useMemo(() => looksOf(paths, editor.status), [paths, editor, changed]);
  return (
    <ViewportPortal>
      <svg className="far-wires" aria-hidden="true">
        <path className="wire" d={all} />
        {[...looks].map(([look, path]) => <path key={look} className={`wire ${look}`} d={path} />)}
      </svg>
    </ViewportPortal>
  );
});

interface Drawn {
  from: StepNode;
  to: StepNode;
  path: string;
}

/** The path of a connection whose ends have not moved is kept. */
const drawn = new WeakMap<WireEdge, Drawn>();

function pathsOf(view: View): Map<WireEdge, string> {
  const steps = new Map(view.nodes.filter((node) => node.type === 'step').map((node) => [node.id, node]));
  const paths = new Map<WireEdge, string>();
  for (const edge of view.edges) {
    const from = steps.get(edge.source);
    const to = steps.get(edge.target);
    if (!from || !to) continue;
    const kept = drawn.get(edge);
    const same = kept?.from === from && kept.to === to;
    const path = same ? kept.path : pathOf(edge, from, to);
    if (!same) drawn.set(edge, { from, to, path });
    paths.set(edge, path);
  }
  return paths;
}

function pathOf(edge: WireEdge, from: StepNode, to: StepNode): string {
  const start = portAt(from.data.ports, 'out', edge.sourceHandle!);
  const end = portAt(to.data.ports, 'in', edge.targetHandle!);
  return curve(from.position.x + start.x + portRadius, from.position.y + start.y, to.position.x + end.x - portRadius, to.position.y + end.y).path;
}

function looksOf(paths: ReadonlyMap<WireEdge, string>, status: StatusStore): Map<string, string> {
  const parts = new Map<string, string[]>();
  for (const [edge, path] of paths) {
    const state = status.edge(edge.id);
    const look = edge.data?.change ? `change-${edge.data.change}` : state?.active ? 'active' : (state?.count ?? 0) > 0 ? 'passed' : edge.selected ? 'selected' : undefined;
    if (look === undefined) continue;
    const list = parts.get(look);
    if (list) list.push(path);
    else parts.set(look, [path]);
  }
  return new Map([...parts].map(([look, list]) => [look, list.join('')]));
}
