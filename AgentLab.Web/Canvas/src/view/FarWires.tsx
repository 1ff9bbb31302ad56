import { ViewportPortal } from '@xyflow/react';
import { memo, useLayoutEffect, useRef } from 'react';
import type { Editor } from '../editor/editor';
import type { StepNode, View, WireEdge } from '../editor/viewModel';
import { curve, portAt, portRadius } from '../model/geometry';
import { useEditor } from './context';
import { PathLayer } from './pathLayer';

/** From afar connections are plain paths in one layer, drawn by hand: at that size nobody can hit one anyway. */
export const FarWires = memo(() => {
  const editor = useEditor();
  const parent = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    const wires = new Wires(editor, PathLayer.in(parent.current!));
    wires.draw(editor.view.get());
    const stopView = editor.view.subscribe(() => wires.draw(editor.view.get()));
    const stopStatus = editor.status.onAny((_, edges) => wires.look(edges));
    return () => {
      stopView();
      stopStatus();
    };
  }, [editor]);
  return <ViewportPortal><svg ref={parent} className="far-wires" aria-hidden="true" /></ViewportPortal>;
});

/** One connection between two places. */
interface Ends {
  edge: WireEdge;
  from: StepNode;
  to: StepNode;
  path: string;
}

class Wires {
  private ends = new Map<string, Ends>();

  constructor(private readonly editor: Editor, private readonly layer: PathLayer) {}

  /** Draws what has changed in the graph. */
  draw(view: View): void {
    const steps = new Map(view.nodes.map((node) => [node.id, node]));
    const ends = new Map<string, Ends>();
    for (const edge of view.edges) {
      const from = steps.get(edge.source);
      const to = steps.get(edge.target);
      if (from?.type !== 'step' || to?.type !== 'step') continue;
      const old = this.ends.get(edge.id);
      const same = old?.edge === edge && old.from === from && old.to === to;
      const one = same ? old : { edge, from, to, path: pathOf(edge, from, to) };
      ends.set(edge.id, one);
      if (!same) this.layer.draw(edge.id, one.path, this.lookOf(edge));
    }
    this.ends = ends;
    this.layer.keep(ends);
  }

  /** Draws what has changed in the run. */
  look(edges: Iterable<string>): void {
    for (const id of edges) {
      const one = this.ends.get(id);
      if (one) this.layer.draw(id, one.path, this.lookOf(one.edge));
    }
  }

  private lookOf(edge: WireEdge): string {
    const state = this.editor.status.edge(edge.id);
    const look = edge.data?.change ? `change-${edge.data.change}` : state?.active ? 'active' : (state?.count ?? 0) > 0 ? 'passed' : '';
    return `wire ${look}${edge.selected ? ' selected' : ''}`;
  }
}

function pathOf(edge: WireEdge, from: StepNode, to: StepNode): string {
  const start = portAt(from.data.ports, 'out', edge.sourceHandle!);
  const end = portAt(to.data.ports, 'in', edge.targetHandle!);
  return curve(from.position.x + start.x + portRadius, from.position.y + start.y, to.position.x + end.x - portRadius, to.position.y + end.y).path;
}
