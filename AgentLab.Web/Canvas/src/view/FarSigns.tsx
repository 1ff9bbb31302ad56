import { ViewportPortal } from '@xyflow/react';
import { memo, useLayoutEffect, useRef } from 'react';
import type { Editor } from '../editor/editor';
import type { StepNode, View } from '../editor/viewModel';
import { placedPath } from '../model/paths';
import { useEditor } from './context';
import { icons, stateIcons } from './icons';
import { PathLayer } from './pathLayer';

const size = 48;

/** What stands on the nodes from afar: the sign of the state, or of the kind while there is none. All signs are one layer over the nodes. */
export const FarSigns = memo(() => {
  const editor = useEditor();
  const parent = useRef<SVGSVGElement>(null);
  useLayoutEffect(() => {
    const signs = new Signs(editor, PathLayer.in(parent.current!));
    signs.draw(editor.view.get());
    const stopView = editor.view.subscribe(() => signs.draw(editor.view.get()));
    const stopStatus = editor.status.onAny((nodes) => signs.look(nodes));
    return () => {
      stopView();
      stopStatus();
    };
  }, [editor]);
  return <ViewportPortal><svg ref={parent} className="far-signs" aria-hidden="true" /></ViewportPortal>;
});

class Signs {
  private steps = new Map<string, StepNode>();

  constructor(private readonly editor: Editor, private readonly layer: PathLayer) {}

  /** Draws what has changed in the graph. */
  draw(view: View): void {
    const steps = new Map<string, StepNode>();
    for (const node of view.nodes) {
      if (node.type !== 'step') continue;
      steps.set(node.id, node);
      if (this.steps.get(node.id) !== node) this.sign(node);
    }
    this.steps = steps;
    this.layer.keep(steps);
  }

  /** Draws what has changed in the run. */
  look(nodes: Iterable<string>): void {
    for (const id of nodes) {
      const step = this.steps.get(id);
      if (step) this.sign(step);
    }
  }

  private sign(step: StepNode): void {
    const { type } = step.data;
    const state = this.editor.status.node(step.id)?.state;
    const x = step.position.x + (step.width! - size) / 2;
    const y = step.position.y + (step.height! - size) / 2;
    const icon = state ? stateIcons[state] : (type?.icon ?? icons.unknown);
    this.layer.draw(step.id, placedPath(icon, x, y, size / 24), `role-${type?.role ?? 'unknown'}${state ? ` is-${state}` : ''}`);
  }
}
