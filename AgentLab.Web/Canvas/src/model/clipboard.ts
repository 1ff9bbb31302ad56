import { fullDefinition, leanNode } from './definition';
import { newEdgeId, newGroupId, newNodeId, newNodeName, newNoteId } from './ids';
import { mapTexts } from './json';
import type { Types } from './ports';
import type { Definition, JsonObject, Operation, WireDefinition, WorkflowEdge, WorkflowGroup, WorkflowNode, WorkflowNote } from './types';

export const clipFormat = 'agentlab.workflow-part/1';

/** A part of a workflow that travels over the system's clipboard. */
export interface Clip {
  nodes: WorkflowNode[];
  edges: WorkflowEdge[];
  groups: WorkflowGroup[];
  notes: WorkflowNote[];
}

/** The selected part: the edges between selected nodes come along, edges that lead out of it do not. */
export function takeClip(definition: Definition, ids: ReadonlySet<string>): Clip {
  return {
    nodes: definition.nodes.filter((node) => ids.has(node.id) || (node.group !== undefined && ids.has(node.group))),
    edges: [],
    groups: definition.groups.filter((group) => ids.has(group.id)),
    notes: definition.notes.filter((note) => ids.has(note.id)),
  };
}

export function copyText(definition: Definition, ids: ReadonlySet<string>): string | undefined {
  const clip = takeClip(definition, ids);
  if (clip.nodes.length + clip.notes.length + clip.groups.length === 0) return undefined;
  const taken = new Set(clip.nodes.map((node) => node.id));
  const edges = definition.edges.filter((edge) => taken.has(edge.from) && taken.has(edge.to));
  return JSON.stringify({ format: clipFormat, nodes: clip.nodes.map(leanNode), edges, groups: clip.groups, notes: clip.notes }, null, 2);
}

const largest = 4 * 1024 * 1024;

/** Reads what was pasted: a part of a workflow or a whole exported one; undefined for any other text. */
export function readClip(text: string): Clip | undefined {
  if (text.length > largest || !text.trimStart().startsWith('{')) return undefined;
  try {
    const raw = JSON.parse(text) as { format?: string } & WireDefinition;
    if (raw.format !== clipFormat && !raw.format?.startsWith('agentlab.workflow/')) return undefined;
    const { nodes, edges, groups, notes } = fullDefinition(raw);
    return { nodes, edges, groups, notes };
  } catch {
    return undefined;
  }
}

export interface Pasted {
  ops: Operation[];
  /** The ids that were given to the pasted nodes, groups and notes. */
  ids: string[];
  /** Kinds that this instance does not have: left out. */
  unknown: string[];
}

/** The operations that put a clip into a definition: every id made new, references in templates follow. */
export function pasteOps(definition: Definition, types: Types, clip: Clip, shift: { x: number; y: number }): Pasted {
  const taken = new Set(definition.nodes.map((node) => node.id));
  const names = new Set(definition.nodes.map((node) => node.name));
  const unknown = [...new Set(clip.nodes.filter((node) => !types.has(node.kind)).map((node) => node.kind))];
  const nodes = clip.nodes.filter((node) => types.has(node.kind));
  const renamed = new Map<string, string>();
  for (const node of nodes) {
    const id = newNodeId(taken.has(node.id) || !/^[A-Za-z][A-Za-z0-9_]{0,49}$/.test(node.id) ? node.id.replace(/_\d+$/, '') || node.kind : node.id, taken);
    taken.add(id);
    renamed.set(node.id, id);
  }
  const groups = new Map(clip.groups.map((group) => [group.id, newGroupId()]));
  const ops: Operation[] = clip.groups.map((group) => ({ op: 'setGroup', group: { ...group, id: groups.get(group.id)!, x: group.x + shift.x, y: group.y + shift.y } }));
  for (const node of nodes) {
    const name = newNodeName(node.name, names);
    names.add(name);
    const copy: WorkflowNode = { ...node, id: renamed.get(node.id)!, name, x: node.x + shift.x, y: node.y + shift.y, settings: rewrite(node.settings, renamed) };
    const group = node.group === undefined ? undefined : groups.get(node.group);
    if (group === undefined) delete copy.group;
    else copy.group = group;
    ops.push({ op: 'addNode', node: copy });
  }
  for (const edge of clip.edges) {
    const from = renamed.get(edge.from);
    const to = renamed.get(edge.to);
    if (from !== undefined && to !== undefined) ops.push({ op: 'addEdge', edge: { ...edge, id: newEdgeId(), from, to } });
  }
  const notes = clip.notes.map((note) => ({ ...note, id: newNoteId(), x: note.x + shift.x, y: note.y + shift.y }));
  ops.push(...notes.map((note): Operation => ({ op: 'setNote', note })));
  return { ops, ids: [...groups.values(), ...renamed.values(), ...notes.map((note) => note.id)], unknown };
}

/** `{{nodes.OLD.field}}` becomes `{{nodes.NEW.field}}` where OLD was pasted under another id. */
function rewrite(settings: JsonObject, renamed: ReadonlyMap<string, string>): JsonObject {
  return mapTexts(settings, (text) => text.replaceAll(/\{\{.*?\}\}/gs, (template) =>
    template.replaceAll(/\bnodes\.([A-Za-z][A-Za-z0-9_]*)/g, (whole, id: string) => (renamed.has(id) ? `nodes.${renamed.get(id)}` : whole)))) as JsonObject;
}
