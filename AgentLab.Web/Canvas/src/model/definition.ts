import type { Color, Definition, Json, JsonObject, WireDefinition, WorkflowGroup, WorkflowHead, WorkflowNode, WorkflowNote } from './types';
import { colors } from './types';

export const emptyDefinition: Definition = {
  name: '', description: '', tags: [], input: null, output: null, limits: {}, nodes: [], edges: [], groups: [], notes: [],
};

const color = (value: unknown, otherwise: Color): Color => (colors.includes(value as Color) ? (value as Color) : otherwise);
const number = (value: unknown, otherwise: number): number => (typeof value === 'number' && Number.isFinite(value) ? value : otherwise);

/** A node with the defaults that the wire leaves out put in. */
export function fullNode(node: Partial<WorkflowNode> & { id: string; kind: string }): WorkflowNode {
  const full: WorkflowNode = {
    id: node.id,
    kind: node.kind,
    name: node.name ?? node.id,
    x: number(node.x, 0),
    y: number(node.y, 0),
    settings: (node.settings ?? {}) as JsonObject,
    disabled: node.disabled ?? false,
    onError: node.onError ?? 'stop',
  };
  if (node.pinned !== undefined && node.pinned !== null) full.pinned = node.pinned;
  if (node.retry) full.retry = node.retry;
  if (typeof node.timeoutSeconds === 'number') full.timeoutSeconds = node.timeoutSeconds;
  if (node.group) full.group = node.group;
  if (node.comment) full.comment = node.comment;
  return full;
}

export const fullGroup = (group: Partial<WorkflowGroup> & { id: string }): WorkflowGroup => ({
  id: group.id, name: group.name ?? group.id, x: number(group.x, 0), y: number(group.y, 0),
  width: number(group.width, 320), height: number(group.height, 240), color: color(group.color, 'grey'),
});

export const fullNote = (note: Partial<WorkflowNote> & { id: string }): WorkflowNote => ({
  id: note.id, text: note.text ?? '', x: number(note.x, 0), y: number(note.y, 0),
  width: number(note.width, 240), height: number(note.height, 160), color: color(note.color, 'amber'),
});

export const fullHead = (head: Partial<WorkflowHead>): WorkflowHead => ({
  name: head.name ?? '', description: head.description ?? '', tags: head.tags ?? [],
  input: (head.input ?? null) as Json, output: (head.output ?? null) as Json, limits: head.limits ?? {},
});

/** A definition as it came over the wire, with every default put in; what has no id is left out. */
export function fullDefinition(definition: WireDefinition): Definition {
  return {
    ...fullHead(definition),
    nodes: (definition.nodes ?? []).filter((node) => node?.id && node.kind).map(fullNode),
    edges: (definition.edges ?? []).filter((edge) => edge?.id && edge.from && edge.to).map((edge) => ({
      id: edge.id, from: edge.from, fromPort: edge.fromPort ?? 'out', to: edge.to, toPort: edge.toPort ?? 'in',
    })),
    groups: (definition.groups ?? []).filter((group) => group?.id).map(fullGroup),
    notes: (definition.notes ?? []).filter((note) => note?.id).map(fullNote),
  };
}

/** A node without what is default anyway, for the clipboard. */
export function leanNode(node: WorkflowNode): Partial<WorkflowNode> {
  const lean: Partial<WorkflowNode> = { ...node };
  if (!lean.disabled) delete lean.disabled;
  if (lean.onError === 'stop') delete lean.onError;
  if (lean.settings && Object.keys(lean.settings).length === 0) delete lean.settings;
  return lean;
}
