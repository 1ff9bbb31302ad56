import type { Box, Insets } from '../model/types';

export interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Below it nodes are plain shapes. */
export const lowZoom = 0.4;
/** Below it nodes show their names only, larger, so that they can still be read. */
export const namesZoom = 0.65;
/** A workflow that would be smaller than this as a whole opens at its beginning. */
export const readableZoom = 0.5;
/** What was seen as a whole stays so beside a panel down to this zoom. */
export const smallestWhole = 0.42;
const startZoom = 0.8;
export const minZoom = 0.05;
export const maxZoom = 2;
export const clearance = 24;
/** Below the picture on load: the view's controls lie there. */
export const controlsHeight = 56;

export const noInsets: Insets = { top: 0, right: 0, bottom: 0, left: 0 };

/** The viewport in which a box is wholly seen, clear of docked panels by the margin; undefined when it is already. Moves as little as it can. */
export function bringIn(box: Box, viewport: Viewport, size: Size, insets: Insets, margin = clearance): Viewport | undefined {
  const left = box.x * viewport.zoom + viewport.x;
  const top = box.y * viewport.zoom + viewport.y;
  const dx = shift(left, left + box.width * viewport.zoom, insets.left + margin, size.width - insets.right - margin);
  const dy = shift(top, top + box.height * viewport.zoom, insets.top + margin, size.height - insets.bottom - margin);
  return dx === 0 && dy === 0 ? undefined : { ...viewport, x: viewport.x + dx, y: viewport.y + dy };
}

function shift(low: number, high: number, from: number, to: number): number {
  if (high - low > to - from) return low < from && high > to ? 0 : from - low;
  if (low < from) return from - low;
  return high > to ? to - high : 0;
}

/** The viewport in which the whole box is seen between the insets, at most at its natural size. */
export function fitTo(box: Box, size: Size, insets: Insets, most = 1): Viewport {
  const free = {
    width: Math.max(80, size.width - insets.left - insets.right - 2 * 40),
    height: Math.max(80, size.height - insets.top - insets.bottom - 32 - controlsHeight - 16),
  };
  const zoom = Math.max(minZoom, Math.min(most, free.width / box.width, free.height / box.height));
  return {
    zoom,
    x: insets.left + 40 + (free.width - box.width * zoom) / 2 - box.x * zoom,
    y: insets.top + 32 + (free.height - box.height * zoom) / 2 - box.y * zoom,
  };
}

/** The viewport that begins at a node, large enough to be read: it stands at the left, in the middle of the height as long as nothing empty is shown for that. */
export function startOf(box: Box, all: Box, size: Size, insets: Insets): Viewport {
  const free = { width: size.width - insets.left - insets.right - 80, height: size.height - insets.top - insets.bottom - 32 - controlsHeight - 16 };
  const x = within(box.x, all.x, all.width, free.width / startZoom);
  const y = within(box.y + box.height / 2 - free.height / startZoom / 2, all.y, all.height, free.height / startZoom);
  return { zoom: startZoom, x: insets.left + 40 - x * startZoom, y: insets.top + 32 - y * startZoom };
}

/** The low end of what is seen of a stretch: as wanted, but with nothing empty beyond its ends; all of it in the middle where it is shorter. */
function within(wanted: number, from: number, length: number, seen: number): number {
  return length <= seen ? from + (length - seen) / 2 : Math.min(from + length - seen, Math.max(from, wanted));
}

/** What the viewport shows, in the graph's coordinates. */
export const seen = (viewport: Viewport, size: Size): Box => ({
  x: -viewport.x / viewport.zoom, y: -viewport.y / viewport.zoom, width: size.width / viewport.zoom, height: size.height / viewport.zoom,
});

/** Where the other boxes line up with one that is being moved: the lines to draw. */
export interface Guide {
  axis: 'x' | 'y';
  at: number;
  from: number;
  to: number;
}

export function guidesFor(moving: Box, others: Iterable<Box>): Guide[] {
  const found = new Map<string, Guide>();
  const lines = (box: Box) => ({ x: [box.x, box.x + box.width / 2, box.x + box.width], y: [box.y, box.y + box.height / 2, box.y + box.height] });
  const mine = lines(moving);
  for (const other of others) {
    const theirs = lines(other);
    for (const axis of ['x', 'y'] as const) {
      for (let index = 0; index < 3; index++) {
        const at = theirs[axis][index]!;
        if (Math.abs(at - mine[axis][index]!) > 0.5) continue;
        const low = axis === 'x' ? Math.min(moving.y, other.y) : Math.min(moving.x, other.x);
        const high = axis === 'x' ? Math.max(moving.y + moving.height, other.y + other.height) : Math.max(moving.x + moving.width, other.x + other.width);
        const key = `${axis}${at}`;
        const line = found.get(key);
        found.set(key, { axis, at, from: Math.min(low, line?.from ?? low), to: Math.max(high, line?.to ?? high) });
      }
    }
  }
  // Left and right edges line up whenever the left ones do: the centre line says it once.
  return [...found.values()].slice(0, 6);
}
