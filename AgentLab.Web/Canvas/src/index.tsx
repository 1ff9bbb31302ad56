import { createRoot } from 'react-dom/client';
import '@xyflow/react/dist/base.css';
import './styles/canvas.css';
import { commands } from './editor/commands';
import { Editor } from './editor/editor';
import type { DotNet, Options } from './editor/outside';
import { Server } from './editor/outside';
import type { ApplyMessage, CommitRequest, Insets, LoadMessage, NodeType, Preview, StatusPatch, WireProblem } from './model/types';
import { App } from './view/App';
import { Boundary } from './view/Boundary';

/** For gestures that a lost page left behind. */
export { commit } from './editor/outside';

/** What the page holds of a canvas. */
export interface CanvasHandle {
  load(message: LoadMessage): void;
  types(types: NodeType[]): void;
  apply(message: ApplyMessage): void;
  problems(problems: WireProblem[]): void;
  status(patch: StatusPatch): void;
  clearStatus(): void;
  preview(preview: Preview): void;
  endPreview(): void;
  /** Carries out a command by name; says nothing of one that it does not know, so that a page may be newer than the canvas. */
  command(name: string, argument?: unknown): unknown;
  theme(name: 'light' | 'dark'): void;
  readOnly(readOnly: boolean): void;
  panelInset(insets: Partial<Insets>): void;
  /** The gestures that the server has not answered yet, as they would be sent: for a page that is being left. */
  pending(): CommitRequest[];
  /** Resolves when every gesture made so far has been answered by the server. */
  sent(): Promise<void>;
  dispose(): void;
}

/**
 * Puts a workflow canvas into an element, which it fills. It is empty until `load`. The element takes the theme of the page (`data-theme` on the root
 * element) unless one is given.
 */
export function mount(element: HTMLElement, dotnet: DotNet, options: Options = {}): CanvasHandle {
  const editor = new Editor(new Server(dotnet), options, options.workerUrl ?? new URL('./canvas-layout.js', import.meta.url));
  element.classList.add('agentlab-canvas');
  if (options.theme) element.dataset['theme'] = options.theme;
  if (options.reducedMotion) element.dataset['motion'] = 'none';
  const root = createRoot(element);
  root.render(<Boundary editor={editor}><App editor={editor} /></Boundary>);
  return {
    load: (message) => editor.load(message),
    types: (types) => editor.setTypes(types),
    apply: (message) => editor.apply(message),
    problems: (problems) => editor.showProblems(problems),
    status: (patch) => editor.status.patch(patch),
    clearStatus: () => editor.status.clear(),
    preview: (preview) => editor.preview(preview),
    endPreview: () => editor.endPreview(),
    command: (name, argument) => commands[name]?.(editor, argument),
    theme: (name) => { element.dataset['theme'] = name; },
    readOnly: (readOnly) => editor.setReadOnly(readOnly),
    panelInset: (insets) => editor.camera?.setInsets(insets),
    pending: () => editor.document.waiting,
    sent: () => editor.document.sent(),
    dispose: () => {
      editor.dispose();
      root.unmount();
      element.classList.remove('agentlab-canvas');
    },
  };
}
