import type { ReactFlowInstance } from '@xyflow/react';
import { union } from '../model/geometry';
import { flowOrder } from '../model/navigation';
import type { Box, Insets } from '../model/types';
import type { Editor } from './editor';
import type { ViewNode, WireEdge } from './viewModel';
import type { Size, Viewport } from './viewport';
import { bringIn, fitTo, maxZoom, minZoom, noInsets, readableZoom, seen, smallestWhole, startOf } from './viewport';

const openEnd = 48;

/** Moves the picture. */
export class Camera {
  private insets: Insets = noInsets;
  private still: boolean;
  /** The picture is as `open` or `fit` left it, so a panel that opens may arrange it anew. */
  private arranged = false;
  /** A person has chosen what is seen: a run does not move the picture then. */
  private held = false;

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
    const extent = this.extent;
    if (!extent) return;
    void this.go(fitTo(extent, this.size, this.insets), smooth);
    this.arranged = true;
    this.held = false;
  }

  /** The first look: everything where its names can be read then, otherwise the beginning; the overview map shows the rest. */
  open(): void {
    this.held = false;
    void this.arrange(readableZoom, false).then(() => this.editor.ui.update({ placed: true }));
  }

  /** The canvas has another size: a panel was opened or closed. What was seen as a whole stays so, and the active node stays in sight. */
  resized(): void {
    if (this.arranged) void this.arrange(smallestWhole, true);
    const { active } = this.editor.selection.get();
    if (active !== undefined) this.bring(active, true);
  }

  /** A person has moved the picture. */
  touched(): void {
    this.arranged = false;
    this.held = true;
  }

  /** Whether a run may move the picture. */
  get following(): boolean { return !this.held; }

  /** Whether a node is wholly in sight. */
  sees(id: string): boolean {
    const box = this.boxOf(id);
    return box === undefined || bringIn(box, this.flow.getViewport(), this.size, this.insets, 0) === undefined;
  }

  /** A run goes on at this node. */
  follow(id: string | undefined): void {
    if (id !== undefined) this.bring(id, true);
  }

  /** A new run is watched from here on. */
  watch(): void { this.held = false; }

  /** Everything, with room for what follows the last node: its open output. */
  private get extent(): Box | undefined {
    const { definition, boxes } = this.editor.graph;
    const all = union([...boxes.values(), ...definition.groups, ...definition.notes]);
    return all && { ...all, width: all.width + openEnd };
  }

  private async arrange(least: number, smooth: boolean): Promise<void> {
    const extent = this.extent;
    if (!extent) return;
    const whole = fitTo(extent, this.size, this.insets);
    const [first] = flowOrder(this.editor.graph);
    const box = first && this.editor.graph.boxes.get(first.id);
    const gone = this.go(box && whole.zoom < least ? startOf(box, extent, this.size, this.insets) : whole, smooth);
    this.arranged = true;
    await gone;
  }

  /** Brings a node, group or note into sight; moves nothing when it is seen already. */
  reveal(id: string, smooth = true): void {
    this.held = true;
    this.bring(id, smooth);
  }

  private bring(id: string, smooth: boolean): void {
    const box = this.boxOf(id);
    // With what stands at its open output.
    const whole = box && this.editor.graph.boxes.has(id) ? { ...box, width: box.width + openEnd } : box;
    const to = whole && bringIn(whole, this.flow.getViewport(), this.size, this.insets);
    if (to) void this.go(to, smooth);
  }

  /** Puts a node into the middle, large enough to be read. */
  focus(id: string): void {
    const box = this.boxOf(id);
    if (!box) return;
    this.held = true;
    const zoom = Math.max(this.zoom, 0.8);
    const { width, height } = this.size;
    const { left, right, top, bottom } = this.insets;
    void this.go({
      zoom,
      x: left + (width - left - right) / 2 - (box.x + box.width / 2) * zoom,
      y: top + (height - top - bottom) / 2 - (box.y + box.height / 2) * zoom,
    });
  }

  setInsets(insets: Partial<Insets>): void {
    this.insets = { ...noInsets, ...insets };
    this.resized();
  }

  /** Shifts the picture by pixels of the screen. */
  pan(dx: number, dy: number, smooth = true): void {
    this.held = true;
    const viewport = this.flow.getViewport();
    void this.go({ ...viewport, x: viewport.x + dx, y: viewport.y + dy }, smooth);
  }

  centreOn(x: number, y: number): void {
    this.held = true;
    const { zoom } = this.flow.getViewport();
    void this.go({ zoom, x: this.size.width / 2 - x * zoom, y: this.size.height / 2 - y * zoom }, false);
  }

  /** Zooms about the middle of what is free. */
  zoomTo(zoom: number): void {
    this.held = true;
    const viewport = this.flow.getViewport();
    const to = Math.min(maxZoom, Math.max(minZoom, zoom));
    const x = (this.insets.left + this.size.width - this.insets.right) / 2;
    const y = (this.insets.top + this.size.height - this.insets.bottom) / 2;
    void this.go({ zoom: to, x: x - ((x - viewport.x) / viewport.zoom) * to, y: y - ((y - viewport.y) / viewport.zoom) * to });
  }

  zoomBy(factor: number): void { this.zoomTo(this.zoom * factor); }

  /** From the graph's coordinates to pixels of the canvas. */
  toScreen(x: number, y: number): { x: number; y: number } {
    const viewport = this.flow.getViewport();
    return { x: x * viewport.zoom + viewport.x, y: y * viewport.zoom + viewport.y };
  }

  /** From the page's pixels to the graph's coordinates. */
  toGraph(clientX: number, clientY: number): { x: number; y: number } {
    return this.flow.screenToFlowPosition({ x: clientX, y: clientY }, { snapToGrid: false });
  }

  private go(viewport: Viewport, smooth = true): Promise<boolean> {
    this.arranged = false;
    return this.flow.setViewport(viewport, smooth && !this.still ? { duration: 160 } : undefined);
  }
}
