import type { Editor } from './editor';

const pause = 500;

/** Moves the selection by keys: the steps between two pauses are one gesture. */
export class Nudge {
  private timer: number | undefined;
  private readonly places = new Map<string, { x: number; y: number }>();

  constructor(private readonly editor: Editor) {}

  by(dx: number, dy: number): void {
    const { editor } = this;
    const { nodes } = editor.selection.get();
    if (!editor.editable || nodes.size === 0) return;
    for (const item of editor.view.get().nodes) {
      if (nodes.has(item.id)) this.places.set(item.id, { x: item.position.x + dx, y: item.position.y + dy });
    }
    editor.drag([...this.places].map(([id, place]) => ({ id, ...place })));
    const { active } = editor.selection.get();
    if (active !== undefined) editor.camera?.reveal(active);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.settle(), pause);
  }

  settle(): void {
    window.clearTimeout(this.timer);
    if (this.places.size === 0) return;
    this.places.clear();
    this.editor.drop();
  }
}

