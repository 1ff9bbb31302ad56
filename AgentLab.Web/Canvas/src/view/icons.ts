import type { Change, RunState } from '../model/types';

/** Our own icons, strokes in a square of 24. */
export const icons = {
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  actual: 'M6 8l3-2v12M18 8l-0-0M15 8l3-2v12M12 10v.01M12 15v.01',
  tidy: 'M4 5h6v5H4zM14 3h6v5h-6zM14 16h6v5h-6zM10 7.5h2a2 2 0 0 1 2-2M10 7.5h1a2 2 0 0 1 2 2v7a2 2 0 0 0 1 2',
  map: 'M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14',
  list: 'M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01',
  help: 'M9 9a3 3 0 1 1 4.5 2.6c-.9.5-1.5 1.2-1.5 2.4M12 17.5v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
  play: 'M7 4.5v15l12-7.5z',
  playFrom: 'M4 5v14M9 5v14l11-7z',
  power: 'M12 3v8M6.3 7.3a8 8 0 1 0 11.4 0',
  pin: 'M9 3h6l-1 6 3 3v2H7v-2l3-3zM12 14v7',
  bin: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM20 20l-4.7-4.7',
  warning: 'M12 4l9 16H3zM12 10v4M12 17v.01',
  error: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5v5.5M12 16.5v.01',
  unknown: 'M9 9a3 3 0 1 1 4.5 2.6c-.9.5-1.5 1.2-1.5 2.4M12 17.5v.01',
  comment: 'M4 5h16v11H10l-5 4v-4H4z',
  close: 'M6 6l12 12M18 6L6 18',
  bolt: 'M13 3L5 14h6l-1 7 8-11h-6z',
} as const;

export const stateIcons: Record<RunState, string> = {
  waiting: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5V12l3 2',
  running: 'M12 3a9 9 0 1 0 9 9',
  person: 'M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20c.6-4 3.4-6 7-6s6.4 2 7 6',
  done: 'M5 12.5l4.5 4.5L19 7.5',
  failed: 'M7 7l10 10M17 7L7 17',
  cancelled: 'M7 7h10v10H7z',
  skipped: 'M5 6l7 6-7 6zM13 6l7 6-7 6z',
};

export const changeIcons: Record<Change, string> = { added: icons.plus, changed: 'M4 20l1-4L16 5l3 3L8 19z', removed: icons.minus };
