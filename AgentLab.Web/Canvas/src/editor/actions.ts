import { copyText, pasteOps, readClip } from '../model/clipboard';
import type { Target } from '../model/gestures';
import * as gestures from '../model/gestures';
import { headHeight, nodeWidth, portAt, snap, union } from '../model/geometry';
import { incoming, outgoing } from '../model/graph';
import { newNoteId } from '../model/ids';
import { fill } from '../model/labels';
import { flowOrder, neighbour, stream } from '../model/navigation';
import type { Direction } from '../model/navigation';
import { freeShift } from '../model/placement';
import type { Color, JsonObject, Operation } from '../model/types';
import type { Editor } from './editor';
import type { PickerState } from './ui';

/** What keys, buttons and the page's toolbar do; each works on the selection. */

export const pickerWidth = 344;

/** Opens the picker where what it adds will appear, clear of the node that it follows. */
export function openPicker(editor: Editor, target?: Target, anchor?: { x: number; y: number }): void {
  if (!editor.editable || !editor.camera) return;
  const { graph, labels, camera } = editor;
  const selection = editor.selection.get();
  const [edge] = selection.edges;
  const chosen: Target = target ?? (edge !== undefined && selection.nodes.size === 0 ? { edge } : { after: (selection.active !== undefined && graph.nodes.has(selection.active) ? gestures.nextOutput(graph, selection.active) : undefined) ?? gestures.lastOpen(graph) });
  const from = chosen.after ?? chosen.before;
  const node = from && graph.nodes.get(from.node);
  let place = anchor;
  if (!place && node && from) {
    camera.reveal(node.id, false);
    const box = graph.boxes.get(node.id)!;
    const screen = camera.toScreen(box.x + (chosen.after ? box.width : 0), box.y + portAt(graph.ports.get(node.id)!, chosen.after ? 'out' : 'in', from.port).y);
    place = { x: screen.x + (chosen.after ? 60 : 24), y: screen.y - 40 };
    const over = place.x + pickerWidth + 8 - camera.size.width;
    if (over > 0) {
      camera.pan(-over, 0, false);
      place = { x: place.x - over, y: place.y };
    }
  }
  place ??= { x: camera.size.width / 2 - pickerWidth / 2, y: Math.max(16, camera.size.height / 2 - 200) };
  editor.ui.update({ picker: { mode: 'add', title: titleOf(editor, chosen), target: chosen, anchor: place, triggersFirst: graph.definition.nodes.length === 0 }, editing: undefined });
  editor.announce(labels.addNode);
}

function titleOf(editor: Editor, target: Target): string {
  const { graph, labels } = editor;
  const through = target.edge === undefined ? undefined : graph.edges.get(target.edge);
  if (through) return fill(labels.insertHere, graph.nodes.get(through.from)?.name ?? '', graph.nodes.get(through.to)?.name ?? '');
  if (target.after) {
    const name = graph.nodes.get(target.after.node)?.name ?? '';
    const ports = graph.ports.get(target.after.node)?.out ?? [];
    const label = ports.find((port) => port.name === target.after?.port)?.label;
    return ports.length > 1 && label ? fill(labels.addAfterPort, name, label) : fill(labels.addAfter, name);
  }
  if (target.before) return fill(labels.addBefore, graph.nodes.get(target.before.node)?.name ?? '');
  return labels.addNode;
}

export function closePicker(editor: Editor): void {
  if (!editor.ui.get().picker) return;
  editor.ui.update({ picker: undefined });
  focusCanvas(editor);
}

/** Back to the canvas, or to its outline for those who work there. */
export function focusCanvas(editor: Editor): void {
  if (document.activeElement?.closest('.outline')) return;
  editor.root?.querySelector<HTMLElement>('.canvas-pane')?.focus({ preventScroll: true });
}

export function addNode(editor: Editor, kind: string, target: Target, settings?: JsonObject, name?: string): boolean {
  const type = editor.typeList.find((candidate) => candidate.kind === kind);
  if (!type) return false;
  const gesture = gestures.addNode(editor.graph, type, target.at ? target : { ...target, at: firstPlace(editor) }, settings, name);
  if (!editor.perform(gesture)) return false;
  editor.ui.update({ picker: undefined });
  const [id] = gesture.select ?? [];
  if (id !== undefined) editor.camera?.reveal(id);
  focusCanvas(editor);
  return true;
}

/** The first node of all goes to the middle of what is seen, a little to the left: the others follow to its right. */
function firstPlace(editor: Editor): { x: number; y: number } | undefined {
  const view = editor.ui.get().empty ? editor.camera?.seen : undefined;
  return view && { x: view.x + Math.max(24, view.width * 0.35 - nodeWidth), y: view.y + view.height / 2 - headHeight };
}

/** Insert after the active node, into the connection that leads on from it. */
export function insertAfter(editor: Editor): void {
  const { active } = editor.selection.get();
  const next = active === undefined ? undefined : outgoing(editor.graph, active)[0];
  if (next) openPicker(editor, { edge: next.id });
  else openPicker(editor);
}

export function walk(editor: Editor, direction: Direction): void {
  const { graph } = editor;
  const { active } = editor.selection.get();
  const to = active !== undefined && graph.nodes.has(active) ? neighbour(graph, active, direction) : flowOrder(graph)[0]?.id;
  if (to === undefined) return editor.announce(editor.labels.saidEnd);
  selectOne(editor, to);
}

/** Along the order in which nodes run, for those who do not see where they lie. */
export function walkOrder(editor: Editor, where: 'first' | 'last'): void {
  const order = flowOrder(editor.graph);
  const to = where === 'first' ? order[0] : order.at(-1);
  if (to) selectOne(editor, to.id);
}

export function selectOne(editor: Editor, id: string): void {
  editor.select([id]);
  editor.camera?.reveal(id);
  editor.announce(describe(editor, id));
}

/** A node in words: name, kind, state and where it leads. */
export function describe(editor: Editor, id: string): string {
  const { graph, labels } = editor;
  const node = graph.nodes.get(id);
  if (!node) return '';
  const status = editor.status.node(id);
  const next = outgoing(graph, id).map((edge) => graph.nodes.get(edge.to)?.name).filter((name) => name !== undefined);
  return [
    node.name, graph.types.get(node.kind)?.title ?? fill(labels.unknownKind, node.kind), node.disabled ? labels.off : undefined,
    status ? labels[status.state] : undefined, next.length > 0 ? fill(labels.leadsTo, next.join(', ')) : undefined,
  ].filter((part, index, parts) => part !== undefined && parts.indexOf(part) === index).join(', ') + '.';
}

export function selectStream(editor: Editor, direction: 'up' | 'down'): void {
  const { nodes, active } = editor.selection.get();
  const found = stream(editor.graph, [...nodes].filter((id) => editor.graph.nodes.has(id)), direction);
  editor.select(found, active);
  editor.announce(fill(editor.labels.saidNodes, found.size));
}

export function selectAll(editor: Editor): void {
  editor.select(editor.graph.nodes.keys());
  editor.announce(fill(editor.labels.saidNodes, editor.graph.nodes.size));
}

export function clearSelection(editor: Editor): void {
  editor.select([]);
  editor.announce(editor.labels.saidNone);
}

const chosen = (editor: Editor): Set<string> => new Set([...editor.selection.get().nodes, ...editor.selection.get().edges]);

export function removeSelected(editor: Editor): void {
  const { graph } = editor;
  const { active } = editor.selection.get();
  const before = active === undefined ? undefined : incoming(graph, active)[0]?.from;
  const gesture = gestures.remove(graph, chosen(editor));
  if (!editor.perform(gesture)) return;
  if (before !== undefined && editor.graph.nodes.has(before)) editor.select([before]);
  focusCanvas(editor);
}

export const disableSelected = (editor: Editor): boolean => editor.perform(gestures.disable(editor.graph, editor.selection.get().nodes));
export const groupSelected = (editor: Editor): boolean => editor.perform(gestures.group(editor.graph, editor.selection.get().nodes));

export function pinActive(editor: Editor): void {
  const { active } = editor.selection.get();
  if (active !== undefined && editor.graph.nodes.has(active) && editor.editable) editor.server.pinRequested(active);
}

/** Starts writing in place: a node's or group's name, a note's text. */
export function edit(editor: Editor, id = editor.selection.get().active): void {
  if (id === undefined || !editor.editable) return;
  if ((editor.camera?.zoom ?? 1) < 0.5) editor.camera?.focus(id);
  else editor.camera?.reveal(id);
  editor.ui.update({ editing: id, picker: undefined });
}

export function endEdit(editor: Editor, id: string, text: string | undefined): void {
  if (editor.ui.get().editing !== id) return;
  editor.ui.update({ editing: undefined });
  const note = editor.graph.definition.notes.find((candidate) => candidate.id === id);
  if (text !== undefined) {
    if (note) editor.perform({ label: 'Write note', ops: [{ op: 'setNote', note: { ...note, text: text.slice(0, 5000) } }] });
    else editor.perform(gestures.rename(editor.graph, id, text));
  }
  focusCanvas(editor);
}

export function addNote(editor: Editor): void {
  const view = editor.camera?.seen;
  if (!view || !editor.editable) return;
  const { active } = editor.selection.get();
  const box = active === undefined ? undefined : editor.graph.boxes.get(active);
  const at = box ? { x: box.x, y: box.y - 176 } : { x: view.x + view.width / 2 - 120, y: view.y + view.height / 2 - 80 };
  const id = newNoteId();
  const note = { id, text: '', x: snap(at.x), y: snap(at.y), width: 240, height: 144, color: 'amber' as Color };
  if (editor.perform({ label: 'Add note', ops: [{ op: 'setNote', note }], select: [id] })) edit(editor, id);
}

export function paint(editor: Editor, id: string, color: Color): void {
  const { definition } = editor.graph;
  const group = definition.groups.find((candidate) => candidate.id === id);
  const note = definition.notes.find((candidate) => candidate.id === id);
  const op: Operation | undefined = group ? { op: 'setGroup', group: { ...group, color } } : note ? { op: 'setNote', note: { ...note, color } } : undefined;
  if (op) editor.perform({ label: 'Colour', ops: [op] });
}

// The clipboard

let lastClip: string | undefined;
let pasted = 0;

export function copy(editor: Editor): string | undefined {
  const text = copyText(editor.document.definition, editor.selection.get().nodes);
  if (text === undefined) return undefined;
  lastClip = text;
  pasted = 0;
  editor.announce(fill(editor.labels.saidCopied, countOf(editor)));
  return text;
}

const countOf = (editor: Editor): string => {
  const { nodes } = editor.selection.get();
  const [only] = nodes;
  return nodes.size === 1 && only !== undefined ? (editor.graph.nodes.get(only)?.name ?? '1') : String(nodes.size);
};

export function paste(editor: Editor, text: string | undefined = lastClip, at?: { x: number; y: number }): boolean {
  const clip = text === undefined ? undefined : readClip(text);
  if (!clip || clip.nodes.length + clip.notes.length + clip.groups.length === 0) {
    editor.announce(editor.labels.saidNothingToPaste);
    return false;
  }
  const boxes = [...clip.nodes.map((node) => ({ x: node.x, y: node.y, width: nodeWidth, height: headHeight })), ...clip.groups, ...clip.notes];
  const all = union(boxes)!;
  const view = editor.camera?.seen;
  const away = view && (all.x > view.x + view.width || all.x + all.width < view.x || all.y > view.y + view.height || all.y + all.height < view.y);
  let shift = { x: 0, y: 0 };
  if (at) shift = { x: snap(at.x - all.x), y: snap(at.y - all.y) };
  else if (away) shift = { x: snap(view.x + view.width / 2 - all.x - all.width / 2), y: snap(view.y + view.height / 2 - all.y - all.height / 2) };
  const moved = boxes.map((box) => ({ ...box, x: box.x + shift.x, y: box.y + shift.y }));
  const step = freeShift(moved, [...editor.graph.boxes.values(), ...editor.graph.definition.notes, ...editor.graph.definition.groups]);
  const part = pasteOps(editor.document.definition, editor.graph.types, clip, { x: shift.x + step, y: shift.y + step });
  const label = part.ids.length === 1 ? 'Paste' : `Paste ${part.ids.length} items`;
  const done = part.ops.length > 0 && editor.perform({ label, ops: part.ops, select: part.ids });
  if (done) {
    pasted++;
    const [first] = part.ids;
    if (first !== undefined && pasted > 0) editor.camera?.reveal(first);
  }
  if (part.unknown.length > 0) editor.notify(fill(editor.labels.saidUnknownKinds, part.unknown.join(', ')), false);
  return done;
}

export function duplicate(editor: Editor): void {
  const text = copyText(editor.document.definition, editor.selection.get().nodes);
  if (text !== undefined) paste(editor, text);
}

export function cut(editor: Editor): string | undefined {
  const text = copy(editor);
  if (text !== undefined) removeSelected(editor);
  return text;
}

// Layout

/** Tidies up the selected nodes, or all when fewer than two are selected. */
export async function tidy(editor: Editor): Promise<void> {
  if (!editor.editable) return;
  const { graph } = editor;
  const selected = [...editor.selection.get().nodes].filter((id) => graph.nodes.has(id));
  const ids = new Set(selected.length > 1 ? selected : graph.nodes.keys());
  if (ids.size === 0) return;
  try {
    const places = await editor.layout.arrange({
      nodes: [...ids].map((id) => ({ id, ...graph.boxes.get(id)! })),
      edges: graph.definition.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)).map((edge) => ({
        from: edge.from, to: edge.to, out: portAt(graph.ports.get(edge.from)!, 'out', edge.fromPort).y, in: portAt(graph.ports.get(edge.to)!, 'in', edge.toPort).y,
      })),
    });
    editor.perform(gestures.tidy(editor.graph, places), false);
    if (selected.length < 2) editor.camera?.fit();
    editor.announce(editor.labels.saidTidied);
  } catch {
    editor.notify(editor.labels.saidNoLayout, true);
  }
}

// Connecting with keys

export function startConnect(editor: Editor, id = editor.selection.get().active): void {
  if (id === undefined || !editor.editable || !editor.camera) return;
  const ports = (editor.graph.ports.get(id)?.out ?? []).filter((port) => !port.missing);
  if (ports.length === 0) return editor.announce(fill(editor.labels.nowhere, editor.graph.nodes.get(id)?.name ?? ''));
  editor.camera.reveal(id, false);
  const box = editor.graph.boxes.get(id)!;
  const anchor = editor.camera.toScreen(box.x + box.width, box.y);
  const place = { x: anchor.x + 32, y: anchor.y };
  const picker: PickerState = ports.length > 1 ? { mode: 'port', from: id, anchor: place } : { mode: 'connect', from: id, port: ports[0]!.name, anchor: place };
  editor.ui.update({ picker, editing: undefined });
}
