import type { ReactFlowInstance } from '@xyflow/react';
import { union } from '../model/geometry';
import { flowOrder } from '../model/navigation';
import type { Box, Insets } from '../model/types';
import type { Editor } from './editor';
import type { ViewNode, WireEdge } from './viewModel';
import type { Size } from './viewport';
import { bringIn, clearance, controlsHeight, fitTo, maxZoom, minZoom, noInsets, seen } from './viewport';

const narrow = 640;
const readable = 0.7;
const openEnd = 48;

/** Moves the picture. */
export class Camera {
  private insets: Insets = noInsets;
  private still: boolean;

  constructor(private readonly editor: Editor, private readonly flow: ReactFlowInstance<ViewNode, WireEdge>, private readonly pane: HTMLElement) {
    this.insets = { ...noInsets, ...editor.options.insets };
    this.still = editor.options.reducedMotion ?? matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  get zoom(): number { return this.flow.getZoom(); }
  get size(): Size { return { width: this.pane.clientWidth, height: this.pane.clientHeight }; }
  get seen(): Box { return seen(this.flow.getViewport(), this.size); }

  boxOf(id: string): Box | undefined {
    const { graph } = this.editor;
    return graph.boxes.get(id) ?? graph.definition.groups.find((group) => group.id === id) ?? graph.definition.notes.find((note) => note.id === id);
  }

  /** Everything in view, clear of panels and controls. */
  fit(smooth = true): void {
    const { definition, boxes } = this.editor.graph;
    const all = union([...boxes.values(), ...definition.groups, ...definition.notes]);
    // Room for what follows the last node: its open output.
    if (all) this.go(fitTo({ ...all, width: all.width + openEnd }, this.size, this.insets), smooth);
  }

  /** The first look: everything; where that would be too small to read on a narrow screen, the beginning. */
  open(): void {
    const [first] = flowOrder(this.editor.graph);
    const box = first && this.editor.graph.boxes.get(first.id);
    this.fit(false);
    if (!box || this.size.width >= narrow || this.zoom >= readable) return;
    const y = this.insets.top + (this.size.height - this.insets.top - this.insets.bottom - controlsHeight) / 2;
    this.go({ zoom: readable, x: this.insets.left + clearance - box.x * readable, y: y - (box.y + box.height / 2) * readable }, false);
  }

  /** Brings a node, group or note into sight; moves nothing when it is seen already. */
  reveal(id: string, smooth = true): void {
    const box = this.boxOf(id);
    // With what stands at its open output.
    const whole = box && this.editor.graph.boxes.has(id) ? { ...box, width: box.width + openEnd } : box;
    const to = whole && bringIn(whole, this.flow.getViewport(), this.size, this.insets);
    if (to) this.go(to, smooth);
  }

  /** Puts a node into the middle, large enough to be read. */
  focus(id: string): void {
    const box = this.boxOf(id);
    if (!box) return;
    const zoom = Math.max(this.zoom, 0.8);
    const { width, height } = this.size;
    const { left, right, top, bottom } = this.insets;
    this.go({
      zoom,
      x: left + (width - left - right) / 2 - (box.x + box.width / 2) * zoom,
      y: top + (height - top - bottom) / 2 - (box.y + box.height / 2) * zoom,
    });
  }

  setInsets(insets: Partial<Insets>): void {
    this.insets = { ...noInsets, ...insets };
    const { active } = this.editor.selection.get();
    if (active !== undefined) this.reveal(active);
  }

  /** Shifts the picture by pixels of the screen. */
  pan(dx: number, dy: number, smooth = true): void {
    const viewport = this.flow.getViewport();
    this.go({ ...viewport, x: viewport.x + dx, y: viewport.y + dy }, smooth);
  }

  centreOn(x: number, y: number): void {
    const { zoom } = this.flow.getViewport();
    this.go({ zoom, x: this.size.width / 2 - x * zoom, y: this.size.height / 2 - y * zoom }, false);
  }

  /** Zooms about the middle of what is free. */
  zoomTo(zoom: number): void {
    const viewport = this.flow.getViewport();
    const to = Math.min(maxZoom, Math.max(minZoom, zoom));
    const x = (this.insets.left + this.size.width - this.insets.right) / 2;
    const y = (this.insets.top + this.size.height - this.insets.bottom) / 2;
    this.go({ zoom: to, x: x - ((x - viewport.x) / viewport.zoom) * to, y: y - ((y - viewport.y) / viewport.zoom) * to });
  }

  zoomBy(factor: number): void { this.zoomTo(this.zoom * factor); }

  /** From the graph's coordinates to pixels of the canvas. */
  toScreen(x: number, y: number): { x: number; y: number } {
    const viewport = this.flow.getViewport();
    return { x: x * viewport.zoom + viewport.x, y: y * viewport.zoom + viewport.y };
  }

  /** From the page's pixels to the graph's coordinates. */
  toGraph(clientX: number, clientY: number): { x: number; y: number } {
    return this.flow.screenToFlowPosition({ x: clientX, y: clientY });
  }

  private go(viewport: { x: number; y: number; zoom: number }, smooth = true): void {
    void this.flow.setViewport(viewport, smooth && !this.still ? { duration: 160 } : undefined);
  }
}
