import type { Target } from '../model/gestures';

/** Where something opens, in pixels from the canvas' upper left corner. */
export interface Anchor {
  x: number;
  y: number;
}

export type PickerState =
  | { mode: 'add'; title: string; target: Target; anchor: Anchor; triggersFirst: boolean }
  | { mode: 'port'; from: string; anchor: Anchor }
  | { mode: 'connect'; from: string; port: string; anchor: Anchor };

/** What the canvas shows beside the graph itself. */
export interface Ui {
  picker: PickerState | undefined;
  /** The node, group or note whose text is being edited. */
  editing: string | undefined;
  outline: boolean;
  minimap: boolean;
  notice: { text: string; bad: boolean } | undefined;
  readOnly: boolean;
  previewing: boolean;
  empty: boolean;
  loaded: boolean;
  /** The picture has its place: before that nothing is shown, so that nothing jumps. */
  placed: boolean;
}

export const startUi: Ui = {
  picker: undefined, editing: undefined, outline: false, minimap: true, notice: undefined, readOnly: false, previewing: false, empty: true, loaded: false, placed: false,
};
