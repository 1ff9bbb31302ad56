import type { NodeType } from './types';

/** How well a text fits what is typed; 0 is not at all. The start of a word is worth more than its middle, letters in order are worth a little. */
export function score(query: string, text: string): number {
  const wanted = query.trim().toLowerCase();
  const given = text.toLowerCase();
  if (wanted === '') return 1;
  if (given === wanted) return 100;
  if (given.startsWith(wanted)) return 80;
  const words = given.split(/[^\p{L}\p{N}]+/u);
  if (words.some((word) => word.startsWith(wanted))) return 60;
  if (words.map((word) => word[0] ?? '').join('').startsWith(wanted)) return 50;
  if (given.includes(wanted)) return 40;
  const parts = wanted.split(/\s+/);
  if (parts.length > 1 && parts.every((part) => given.includes(part))) return 35;
  return wanted.length > 2 && inOrder(wanted, given) ? 10 : 0;
}

function inOrder(wanted: string, given: string): boolean {
  let index = 0;
  for (const letter of given) if (letter === wanted[index]) index++;
  return index === wanted.length;
}

/** Kinds that fit, best first; without a query in their own order, triggers first where nothing is drawn yet and last where something is. */
export function findTypes(types: readonly NodeType[], query: string, triggersFirst: boolean, usable: (type: NodeType) => boolean = () => true): NodeType[] {
  const fit = types.filter(usable);
  if (query.trim() === '') {
    const rank = (type: NodeType) => ((type.role === 'trigger') === triggersFirst ? 0 : 1);
    return fit.toSorted((a, b) => rank(a) - rank(b));
  }
  const points = (type: NodeType) => Math.max(
    score(query, type.title) * 1.2, score(query, type.kind), ...(type.keywords ?? []).map((word) => score(query, word) * 0.9),
    score(query, type.group) * 0.4, score(query, type.description) * 0.3);
  return fit.map((type) => ({ type, points: points(type) })).filter((found) => found.points > 2).sort((a, b) => b.points - a.points).map((found) => found.type);
}
