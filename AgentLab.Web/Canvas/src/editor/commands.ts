import type { Target } from '../model/gestures';
import { nextOutput } from '../model/gestures';
import type { JsonObject } from '../model/types';
import * as actions from './actions';
import type { Editor } from './editor';
import { exportPicture } from './picture';

interface AddNodeArgument {
  kind: string;
  settings?: JsonObject;
  name?: string;
  afterNode?: string;
  port?: string;
}

type Command = (editor: Editor, argument: unknown) => unknown;

const ids = (argument: unknown): string[] => (Array.isArray(argument) ? argument.filter((id) => typeof id === 'string') : typeof argument === 'string' ? [argument] : []);
const text = (argument: unknown): string | undefined => (typeof argument === 'string' ? argument : undefined);

async function toClipboard(part: string | undefined): Promise<void> {
  if (part === undefined) return;
  // Without a secure origin there is no clipboard for scripts; what was copied can still be pasted on this page.
  await navigator.clipboard?.writeText(part).catch(() => undefined);
}

async function fromClipboard(editor: Editor): Promise<boolean> {
  const found = await navigator.clipboard?.readText().catch(() => undefined);
  return actions.paste(editor, found);
}

/** What the page's toolbar and palette ask for by name. */
export const commands: Record<string, Command> = {
  undo: (editor) => editor.undo(),
  redo: (editor) => editor.redo(),
  fit: (editor) => editor.camera?.fit(),
  zoomIn: (editor) => editor.camera?.zoomBy(1.25),
  zoomOut: (editor) => editor.camera?.zoomBy(1 / 1.25),
  zoomReset: (editor) => editor.camera?.zoomTo(1),
  layout: (editor) => actions.tidy(editor),
  'export-svg': (editor, argument) => exportPicture(editor, 'svg', argument),
  'export-png': (editor, argument) => exportPicture(editor, 'png', argument),
  select: (editor, argument) => editor.select(ids(argument)),
  selectAll: (editor) => actions.selectAll(editor),
  focusNode: (editor, argument) => {
    const [id] = ids(argument);
    if (id === undefined) return;
    editor.select([id]);
    editor.camera?.focus(id);
    editor.announce(actions.describe(editor, id));
  },
  reveal: (editor, argument) => {
    for (const id of ids(argument)) editor.camera?.reveal(id);
  },
  focus: (editor) => actions.focusCanvas(editor),
  addNode: (editor, argument) => {
    const { kind, settings, name, afterNode, port } = argument as AddNodeArgument;
    const { active } = editor.selection.get();
    const from = afterNode ?? (active !== undefined && editor.graph.nodes.has(active) ? active : undefined);
    const after: Target['after'] = from === undefined ? undefined : port === undefined ? nextOutput(editor.graph, from) : { node: from, port };
    return actions.addNode(editor, kind, { after }, settings, name);
  },
  addNote: (editor) => actions.addNote(editor),
  openPicker: (editor) => actions.openPicker(editor),
  connect: (editor, argument) => actions.startConnect(editor, text(argument)),
  copy: (editor) => toClipboard(actions.copy(editor)),
  cut: (editor) => toClipboard(actions.cut(editor)),
  paste: (editor, argument) => (text(argument) === undefined ? fromClipboard(editor) : actions.paste(editor, text(argument))),
  duplicate: (editor) => actions.duplicate(editor),
  delete: (editor) => actions.removeSelected(editor),
  disable: (editor) => actions.disableSelected(editor),
  group: (editor) => actions.groupSelected(editor),
  pin: (editor) => actions.pinActive(editor),
  rename: (editor, argument) => actions.edit(editor, text(argument)),
  outline: (editor, argument) => editor.ui.update({ outline: typeof argument === 'boolean' ? argument : !editor.ui.get().outline }),
  minimap: (editor, argument) => editor.ui.update({ minimap: typeof argument === 'boolean' ? argument : !editor.ui.get().minimap }),
  announce: (editor, argument) => editor.announce(String(argument)),
};
