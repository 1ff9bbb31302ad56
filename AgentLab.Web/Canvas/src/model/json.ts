import type { Json, JsonObject } from './types';

/** Whether two JSON values are the same, without regard to the order of properties; undefined is like a missing property. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => same(item, b[index]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (!same(left[key], right[key])) return false;
  }
  return true;
}

/** The value at a JSON pointer (`/cases/0/name`), or at a path with dots; undefined when there is none. */
export function at(value: Json | undefined, pointer: string): Json | undefined {
  const parts = pointer.startsWith('/')
    ? pointer.slice(1).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    : pointer.split('.');
  let here: Json | undefined = value;
  for (const part of parts) {
    if (part === '') continue;
    if (Array.isArray(here)) here = here[Number(part)];
    else if (typeof here === 'object' && here !== null) here = Object.hasOwn(here, part) ? here[part] : undefined;
    else return undefined;
  }
  return here;
}

/** The same value with every text in it passed through a function. */
export function mapTexts(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value === 'object' && value !== null) {
    const result: JsonObject = {};
    for (const [key, item] of Object.entries(value)) result[key] = mapTexts(item, map);
    return result;
  }
  return value;
}
