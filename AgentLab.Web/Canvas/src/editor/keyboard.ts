import { grid } from '../model/geometry';
import {
  addNote, clearSelection, copy, cut, disableSelected, duplicate, edit, groupSelected, insertAfter, openPicker, paste, pinActive, removeSelected, selectAll, selectStream,
  startConnect, tidy, walk, walkOrder,
} from './actions';
import type { Editor } from './editor';
import { Nudge } from './nudge';

type Action = (editor: Editor, nudge: Nudge) => void;

/** Keys by name: `Ctrl+` stands for the command key too. */
const keys: Record<string, Action> = {
  n: (editor) => openPicker(editor),
  i: insertAfter,
  c: (editor) => startConnect(editor),
  d: (editor) => void disableSelected(editor),
  p: pinActive,
  m: (editor) => editor.ui.update({ minimap: !editor.ui.get().minimap }),
  o: (editor) => editor.ui.update({ outline: !editor.ui.get().outline }),
  F2: (editor) => edit(editor),
  Enter: (editor) => {
    const { active } = editor.selection.get();
    if (active === undefined) return;
    if (editor.graph.nodes.has(active)) editor.server.activated(active);
    else edit(editor, active);
  },
  Delete: removeSelected,
  Backspace: removeSelected,
  ArrowLeft: (editor) => walk(editor, 'left'),
  ArrowRight: (editor) => walk(editor, 'right'),
  ArrowUp: (editor) => walk(editor, 'up'),
  ArrowDown: (editor) => walk(editor, 'down'),
  Home: (editor) => walkOrder(editor, 'first'),
  End: (editor) => walkOrder(editor, 'last'),
  'Shift+ArrowLeft': (editor) => selectStream(editor, 'up'),
  'Shift+ArrowUp': (editor) => selectStream(editor, 'up'),
  'Shift+ArrowRight': (editor) => selectStream(editor, 'down'),
  'Shift+ArrowDown': (editor) => selectStream(editor, 'down'),
  'Alt+ArrowLeft': (_, nudge) => nudge.by(-grid, 0),
  'Alt+ArrowRight': (_, nudge) => nudge.by(grid, 0),
  'Alt+ArrowUp': (_, nudge) => nudge.by(0, -grid),
  'Alt+ArrowDown': (_, nudge) => nudge.by(0, grid),
  'Shift+S': addNote,
  'Shift+Alt+T': (editor) => void tidy(editor),
  'Ctrl+a': selectAll,
  'Ctrl+d': duplicate,
  'Ctrl+g': (editor) => void groupSelected(editor),
  'Ctrl+z': (editor) => editor.undo(),
  'Ctrl+Shift+Z': (editor) => editor.redo(),
  'Ctrl+y': (editor) => editor.redo(),
  'Ctrl+Enter': (editor) => void editor.run({}),
  '1': (editor) => editor.camera?.fit(),
  '0': (editor) => editor.camera?.zoomTo(1),
  '+': (editor) => editor.camera?.zoomBy(1.25),
  '=': (editor) => editor.camera?.zoomBy(1.25),
  '-': (editor) => editor.camera?.zoomBy(1 / 1.25),
  '?': (editor) => editor.server.openHelp(),
};

/** The name under which a key is looked up; letters that only exist with Shift (`?`, `+`) go by themselves. */
export function keyName(event: { key: string; code: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }): string {
  // With Alt some systems make other letters: the key itself counts.
  const key = event.altKey && event.code.startsWith('Key') ? event.code.slice(3) : event.key;
  const letter = /^[a-z]$/i.test(key);
  const symbol = key.length === 1 && !letter;
  const name = letter ? (event.shiftKey ? key.toUpperCase() : key.toLowerCase()) : key;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.shiftKey && !symbol ? 'Shift+' : ''}${event.altKey ? 'Alt+' : ''}${name}`;
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

/** The canvas that was used last: of several on a page, it gets the keys while nothing has the focus. */
let last: HTMLElement | undefined;

/** Whether a key belongs to the canvas: it has the focus, or nothing that takes keys has (a page that was just opened puts the focus on its heading). */
const ours = (root: HTMLElement, target: EventTarget | null): boolean =>
  target instanceof Element && (root.contains(target) || (root === last && (target.contains(root) || (target.matches('h1') && root.closest('main')?.contains(target) === true))));

/** Letters work from the bars and panels beside the canvas too, unless what has the focus looks letters up itself. */
const nearby = (root: HTMLElement, name: string, target: EventTarget | null): boolean =>
  /^[a-z]$/.test(name) && root === last && target instanceof Element && root.closest('[data-canvas-keys]')?.contains(target) === true
  && !target.closest('[role="listbox"], [role="menu"], [role="tree"], [role="radiogroup"]');

/** Listens to the keyboard and to the clipboard; gives back what stops it. */
export function listenToKeys(editor: Editor, root: HTMLElement): () => void {
  const nudge = new Nudge(editor);
  const use = () => { last = root; };
  last ??= root;
  const onKeyDown = (event: KeyboardEvent) => {
    const name = keyName(event);
    if (event.defaultPrevented || !(ours(root, event.target) || nearby(root, name, event.target))) return;
    if (typing(event.target)) {
      if (name === 'Ctrl+Enter') keys[name]!(editor, nudge);
      return;
    }
    if (on(event.target, 'button, a[href]') && name === 'Enter') return;
    if (on(event.target, 'button, a[href], [role="treeitem"]') && name === 'Tab') return;
    if (name === 'Escape') return escape(editor, event);
    if (name === 'Tab') return tab(editor, event);
    const action = keys[name];
    if (!action || ((name === 'Delete' || name === 'Backspace') && event.target === document.body && editor.selection.get().nodes.size + editor.selection.get().edges.size === 0)) return;
    event.preventDefault();
    if (!name.startsWith('Alt+')) nudge.settle();
    action(editor, nudge);
  };
  const clip = (take: (editor: Editor) => string | undefined) => (event: ClipboardEvent) => {
    if (typing(event.target) || !ours(root, event.target) || String(document.getSelection() ?? '') !== '') return;
    const text = take(editor);
    if (text === undefined) return;
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  const onCopy = clip(copy);
  const onCut = clip(cut);
  const onPaste = (event: ClipboardEvent) => {
    if (typing(event.target) || !ours(root, event.target) || !editor.editable) return;
    paste(editor, event.clipboardData?.getData('text/plain'));
    event.preventDefault();
  };
  const leave = () => nudge.settle();
  document.addEventListener('keydown', onKeyDown);
  document.addEventListener('copy', onCopy);
  document.addEventListener('cut', onCut);
  document.addEventListener('paste', onPaste);
  root.addEventListener('pointerdown', leave, true);
  root.addEventListener('pointerdown', use, true);
  root.addEventListener('focusin', use);
  return () => {
    nudge.settle();
    document.removeEventListener('keydown', onKeyDown);
    document.removeEventListener('copy', onCopy);
    document.removeEventListener('cut', onCut);
    document.removeEventListener('paste', onPaste);
    root.removeEventListener('pointerdown', leave, true);
    root.removeEventListener('pointerdown', use, true);
    root.removeEventListener('focusin', use);
    if (last === root) last = undefined;
  };
}

const on = (target: EventTarget | null, what: string): boolean => target instanceof Element && target.closest(what) !== null;

function escape(editor: Editor, event: KeyboardEvent): void {
  const { picker, editing, notice } = editor.ui.get();
  if (picker || editing !== undefined) editor.ui.update({ picker: undefined, editing: undefined });
  else if (notice) editor.ui.update({ notice: undefined });
  else if (editor.selection.get().nodes.size + editor.selection.get().edges.size > 0) clearSelection(editor);
  else return;
  event.preventDefault();
}

/** Tab opens the picker where something is selected or nothing is drawn yet; otherwise it leaves the canvas, as everywhere. */
function tab(editor: Editor, event: KeyboardEvent): void {
  const selected = editor.selection.get().nodes.size > 0;
  if (!editor.editable || !(event.target instanceof HTMLElement) || !event.target.classList.contains('canvas-pane')) return;
  if (!selected && !editor.ui.get().empty) return;
  event.preventDefault();
  openPicker(editor);
}
