import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { useStore } from '../editor/store';
import { union } from '../model/geometry';
import type { Box } from '../model/types';
import { useEditor } from './context';

const width = 184;
const height = 120;

interface Scale {
  box: Box;
  factor: number;
  left: number;
  top: number;
}

function scaleOf(boxes: Iterable<Box>): Scale | undefined {
  const all = union(boxes);
  if (!all) return undefined;
  const box = { x: all.x - 160, y: all.y - 120, width: all.width + 320, height: all.height + 240 };
  const factor = Math.min(width / box.width, height / box.height);
  return { box, factor, left: (width - box.width * factor) / 2, top: (height - box.height * factor) / 2 };
}

/**
 * The overview: drawn on one bitmap when the graph changes, with a frame for what is seen that is moved by its style alone, so that panning over a thousand
 * nodes costs nothing here. It is shown only while something lies out of sight, and so never covers a node of a workflow that fits.
 */
export function MiniMap() {
  const editor = useEditor();
  const graph = useStore(editor.graphStore);
  const { minimap } = useStore(editor.ui);
  const flow = useStoreApi();
  const map = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const scale = useRef<Scale | undefined>(undefined);

  useEffect(() => {
    if (!minimap) return;
    scale.current = scaleOf([...graph.boxes.values(), ...graph.definition.groups, ...graph.definition.notes]);
    let asked = false;
    let stale = false;
    let whole = true;
    const changed = new Set<string>();
    const paint = () => {
      asked = false;
      // Nobody sees it while everything is in sight.
      stale = Boolean(map.current?.hidden ?? true);
      if (stale || !picture.current || !scale.current) return;
      draw(picture.current, scale.current, editor, whole ? undefined : changed);
      whole = false;
      changed.clear();
    };
    const ask = () => {
      if (asked) return;
      asked = true;
      setTimeout(() => requestAnimationFrame(paint), 250);
    };
    paint();
    const follow = () => {
      if (!map.current || !frame.current) return;
      place(map.current, frame.current, scale.current, flow.getState());
      if (stale && !map.current.hidden) paint();
    };
    follow();
    const stopFlow = flow.subscribe((now, before) => {
      if (now.transform !== before.transform || now.width !== before.width || now.height !== before.height) follow();
    });
    const stopStatus = editor.status.onAny((nodes) => {
      for (const id of nodes) changed.add(id);
      ask();
    });
    const themes = new MutationObserver(() => {
      whole = true;
      ask();
    });
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      stopFlow();
      stopStatus();
      themes.disconnect();
    };
  }, [graph, minimap, editor, flow]);

  if (!minimap) return null;
  const jump = (event: React.PointerEvent) => {
    const here = scale.current;
    if (!here || event.buttons !== 1) return;
    const edge = event.currentTarget.getBoundingClientRect();
    event.currentTarget.setPointerCapture(event.pointerId);
    editor.camera?.centreOn((event.clientX - edge.left - here.left) / here.factor + here.box.x, (event.clientY - edge.top - here.top) / here.factor + here.box.y);
  };
  return (
    <div className="minimap" ref={map} aria-hidden="true" hidden onPointerDown={jump} onPointerMove={jump}>
      <canvas ref={picture} />
      <div className="minimap-frame" ref={frame} />
    </div>
  );
}

function place(map: HTMLElement, frame: HTMLElement, scale: Scale | undefined, state: { transform: [number, number, number]; width: number; height: number }): void {
  const [tx, ty, zoom] = state.transform;
  const view = { x: -tx / zoom, y: -ty / zoom, width: state.width / zoom, height: state.height / zoom };
  const inner = scale && { x: scale.box.x + 160, y: scale.box.y + 120, width: scale.box.width - 320, height: scale.box.height - 240 };
  map.hidden = !inner || (view.x <= inner.x && view.y <= inner.y && view.x + view.width >= inner.x + inner.width && view.y + view.height >= inner.y + inner.height);
  if (!scale || map.hidden) return;
  const left = Math.max(0, scale.left + (view.x - scale.box.x) * scale.factor);
  const top = Math.max(0, scale.top + (view.y - scale.box.y) * scale.factor);
  const right = Math.min(width, scale.left + (view.x + view.width - scale.box.x) * scale.factor);
  const bottom = Math.min(height, scale.top + (view.y + view.height - scale.box.y) * scale.factor);
  frame.style.transform = `translate(${left}px, ${top}px)`;
  frame.style.width = `${Math.max(4, right - left)}px`;
  frame.style.height = `${Math.max(4, bottom - top)}px`;
}

/** Draws everything, or only these nodes over what is there. */
function draw(canvas: HTMLCanvasElement, scale: Scale, editor: ReturnType<typeof useEditor>, only?: ReadonlySet<string>): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const style = getComputedStyle(canvas);
  const colors = new Map<string, string>();
  const color = (name: string) => {
    let value = colors.get(name);
    if (value === undefined) colors.set(name, value = style.getPropertyValue(name).trim() || '#888');
    return value;
  };
  const rect = (box: Box, fill: string) => {
    pen.fillStyle = fill;
    pen.fillRect(scale.left + (box.x - scale.box.x) * scale.factor, scale.top + (box.y - scale.box.y) * scale.factor, Math.max(2, box.width * scale.factor), Math.max(2, box.height * scale.factor));
  };
  const { boxes, definition } = editor.graph;
  if (!only) {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    pen.scale(ratio, ratio);
    for (const group of definition.groups) rect(group, color('--surface-4'));
    for (const note of definition.notes) rect(note, color('--person-soft'));
  }
  for (const id of only ?? boxes.keys()) {
    const box = boxes.get(id);
    const state = editor.status.node(id)?.state;
    if (box) rect(box, color(state ? `--${state === 'skipped' ? 'cancelled' : state}` : '--control-line'));
  }
}
