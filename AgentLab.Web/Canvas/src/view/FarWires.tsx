import { ViewportPortal } from '@xyflow/react';
import { memo, useEffect, useMemo, useReducer } from 'react';
import { useStore } from '../editor/store';
import type { View } from '../editor/viewModel';
import { curve, portAt, portRadius } from '../model/geometry';
import type { StatusStore } from '../model/statusStore';
import { useEditor } from './context';

/**
 * From afar all connections are a few paths, one for each way in which they look: a thousand components that follow every movement would cost more than
 * everything else together, and at that size nobody can hit one anyway.
 */
export const FarWires = memo(() => {
  const editor = useEditor();
  const view = useStore(editor.view);
  const [changed, change] = useReducer((count: number) => count + 1, 0);
  useEffect(() => editor.status.onAny(change), [editor]);
  const paths = useMemo(() => pathsOf(view, editor.status), [view, editor, changed]);
  return (
    <ViewportPortal>
      <svg className="far-wires" aria-hidden="true">
        {[...paths].map(([look, path]) => <path key={look} className={`wire ${look}`} d={path} />)}
      </svg>
    </ViewportPortal>
  );
});

function pathsOf(view: View, status: StatusStore): Map<string, string> {
  const steps = new Map(view.nodes.filter((node) => node.type === 'step').map((node) => [node.id, node]));
  const parts = new Map<string, string[]>();
  for (const edge of view.edges) {
    const from = steps.get(edge.source);
    const to = steps.get(edge.target);
    if (!from || !to) continue;
    const start = portAt(from.data.ports, 'out', edge.sourceHandle!);
    const end = portAt(to.data.ports, 'in', edge.targetHandle!);
    const { path } = curve(from.position.x + start.x + portRadius, from.position.y + start.y, to.position.x + end.x - portRadius, to.position.y + end.y);
    const state = status.edge(edge.id);
    const look = edge.data?.change ? `change-${edge.data.change}` : state?.active ? 'active' : (state?.count ?? 0) > 0 ? 'passed' : edge.selected ? 'selected' : '';
    const list = parts.get(look);
    if (list) list.push(path);
    else parts.set(look, [path]);
  }
  return new Map([...parts].map(([look, list]) => [look, list.join('')]));
}
