import type { RunState } from '../model/types';
import type { Editor } from './editor';

/** Milliseconds between two moves: a run that hurries through its nodes does not shake the picture. */
const pause = 700;
const goesOn: ReadonlySet<RunState> = new Set(['running', 'person']);

/** Keeps the place where a run goes on in sight, while nobody has moved the picture or chosen a node. */
export class RunFollower {
  private timer: number | undefined;
  private again = false;
  private run: string | undefined;

  constructor(private readonly editor: Editor) {
    editor.status.onAny(() => this.look());
  }

  close(): void { window.clearTimeout(this.timer); }

  private look(): void {
    const { status, camera, selection } = this.editor;
    if (status.shownRun !== this.run) {
      this.run = status.shownRun;
      camera?.watch();
    }
    if (!camera?.following || selection.get().active !== undefined) return;
    if (this.timer !== undefined) {
      this.again = true;
      return;
    }
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      if (this.again) this.look();
    }, pause);
    this.again = false;
    const going = [...status.all].filter(([, node]) => goesOn.has(node.state)).map(([id]) => id);
    if (!going.some((id) => camera.sees(id))) camera.follow(going.find((id) => status.node(id)?.state === 'person') ?? going[0]);
  }
}
