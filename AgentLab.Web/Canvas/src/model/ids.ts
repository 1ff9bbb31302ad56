import type { Definition } from './types';

/** Letters and digits that nobody else has picked: edges, groups and notes are made in several browsers at once. */
export function token(length = 8): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => 'abcdefghijklmnopqrstuvwxyz0123456789'[byte % 36]).join('');
}

export const newEdgeId = (): string => `e_${token()}`;
export const newGroupId = (): string => `g_${token()}`;
export const newNoteId = (): string => `n_${token()}`;
export const newTxId = (): string => token(20);

/** An id that people read in templates: the kind, then `_2`, `_3` and so on. */
export function newNodeId(kind: string, taken: { has(id: string): boolean }): string {
  const base = (kind.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^[^A-Za-z]+/, '') || 'node').slice(0, 40).replace(/_+$/, '');
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) {
    const id = `${base}_${number}`;
    if (!taken.has(id)) return id;
  }
}

/** A name that no other node has: the title, then `Title 2` and so on. */
export function newNodeName(title: string, taken: { has(name: string): boolean }): string {
  const base = title.replace(/ \d+$/, '').slice(0, 90) || 'Step';
  if (!taken.has(title)) return title;
  for (let number = 2; ; number++) {
    const name = `${base} ${number}`;
    if (!taken.has(name)) return name;
  }
}

export const nodeIds = (definition: Definition): Set<string> => new Set(definition.nodes.map((node) => node.id));
export const nodeNames = (definition: Definition): Set<string> => new Set(definition.nodes.map((node) => node.name));
