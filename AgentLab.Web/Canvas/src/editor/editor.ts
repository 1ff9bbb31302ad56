import { fullDefinition, emptyDefinition } from '../model/definition';
import * as gestures from '../model/gestures';
import type { Gesture } from '../model/gestures';
import type { Graph } from '../model/graph';
import { graphOf, refusal } from '../model/graph';
import { WorkflowDocument } from '../model/history';
import type { Labels } from '../model/labels';
import { fill, labels as english } from '../model/labels';
import { StatusStore } from '../model/statusStore';
import type { ApplyMessage, Box, Change, Definition, LoadMessage, NodeType, Preview, Problem, WireProblem } from '../model/types';
import type { Camera } from './camera';
import { RunFollower } from './follow';
import { LayoutClient } from './layoutClient';
import type { Options, Server } from './outside';
import { Store } from './store';
import { startUi } from './ui';
import type { View } from './viewModel';
import { ViewModel } from './viewModel';
import type { Guide } from './viewport';

export interface Selection {
  /** Nodes, groups and notes. */
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
  /** The one that keys walk from. */
  active: string | undefined;
}

type Place = { x: number; y: number; width?: number; height?: number };

const nothing: Selection = { nodes: new Set(), edges: new Set(), active: undefined };
const nextFrame = (flush: () => void): void => { requestAnimationFrame(flush); };

/** The canvas' state and everything that can be done to it; what draws it only looks at its stores. */
export class Editor {
  readonly labels: Labels;
  readonly document: WorkflowDocument;
  readonly status = new StatusStore(nextFrame);
  readonly view = new Store<View>({ nodes: [], edges: [] });
  readonly graphStore: Store<Graph>;
  readonly selection = new Store<Selection>(nothing);
  readonly ui = new Store(startUi);
  readonly said = new Store('');
  readonly guides = new Store<Guide[]>([]);
  readonly spliceEdge = new Store<string | undefined>(undefined);
  readonly layout: LayoutClient;
  /** How the picture is moved; set as soon as it is drawn. */
  camera: Camera | undefined;
  root: HTMLElement | undefined;

  private types = new Map<string, NodeType>();
  private problems = new Map<string, Problem[]>();
  private changes = new Map<string, Change>();
  private compared: Definition | undefined;
  private places = new Map<string, Place>();
  private readonly model = new ViewModel();
  private readonly follower = new RunFollower(this);
  private told: string[] = [];
  private tellTimer: number | undefined;

  constructor(readonly server: Server, readonly options: Options, workerUrl: string | URL) {
    this.labels = { ...english, ...options.labels };
    this.graphStore = new Store(graphOf(emptyDefinition, this.types));
    this.layout = new LayoutClient(workerUrl);
    for (const type of options.types ?? []) this.types.set(type.kind, type);
    this.ui.update({ readOnly: options.readOnly ?? false, outline: options.outline ?? false });
    this.document = new WorkflowDocument({
      commit: server.commit,
      resync: server.resync,
      changed: () => this.refresh(),
      lost: (label, reason) => this.notify(fill(this.labels.saidLost, label, reason), true),
      pause: (attempt) => new Promise((resolve) => setTimeout(resolve, Math.min(30_000, 500 * 2 ** attempt))),
    });
  }

  get graph(): Graph { return this.graphStore.get(); }
  get editable(): boolean { return !this.ui.get().readOnly && !this.ui.get().previewing; }
  get typeList(): NodeType[] { return [...this.types.values()]; }

  // From the server

  load(message: LoadMessage): void {
    if (message.types) this.types = new Map(message.types.map((type) => [type.kind, type]));
    this.setProblems(message.problems ?? []);
    const first = !this.ui.get().loaded;
    this.places.clear();
    this.document.load(message.rev, fullDefinition(message.definition));
    this.ui.update({ loaded: true });
    if (first) this.camera?.open();
  }

  /** Another table of kinds: a preset was added while the page is open. */
  setTypes(types: NodeType[]): void {
    this.types = new Map(types.map((type) => [type.kind, type]));
    this.refresh();
  }

  apply(message: ApplyMessage): void { this.document.remote(message); }

  showProblems(problems: WireProblem[]): void {
    this.setProblems(problems);
    this.refresh();
  }

  private setProblems(problems: WireProblem[]): void {
    const grouped = new Map<string, Problem[]>();
    for (const wire of problems) {
      const problem: Problem = { ...wire, severity: wire.severity ?? 'error' };
      if (problem.node) grouped.set(problem.node, [...(grouped.get(problem.node) ?? []), problem]);
    }
    this.problems = grouped;
  }

  setReadOnly(readOnly: boolean): void {
    this.ui.update({ readOnly, picker: undefined, editing: undefined });
    this.refresh();
  }

  preview(preview: Preview): void {
    const before = preview.before ? fullDefinition(preview.before) : this.document.definition;
    const after = fullDefinition(preview.definition);
    const removed = new Set(preview.removed);
    const ghosts = <T extends { id: string }>(list: readonly T[], kept: readonly T[]) => list.filter((item) => removed.has(item.id) && !kept.some((other) => other.id === item.id));
    this.compared = {
      ...after,
      nodes: [...after.nodes, ...ghosts(before.nodes, after.nodes)], edges: [...after.edges, ...ghosts(before.edges, after.edges)],
      groups: [...after.groups, ...ghosts(before.groups, after.groups)], notes: [...after.notes, ...ghosts(before.notes, after.notes)],
    };
    this.changes = new Map([
      ...preview.added.map((id): [string, Change] => [id, 'added']),
      ...preview.changed.map((id): [string, Change] => [id, 'changed']),
      ...preview.removed.map((id): [string, Change] => [id, 'removed']),
    ]);
    const start = !this.ui.get().previewing;
    this.ui.update({ previewing: true, picker: undefined, editing: undefined });
    this.refresh();
    if (start) this.camera?.fit();
  }

  endPreview(): void {
    if (!this.ui.get().previewing) return;
    this.compared = undefined;
    this.changes = new Map();
    this.ui.update({ previewing: false });
    this.refresh();
  }

  // Drawing

  /** Makes the view anew from the definition, the selection and what is being dragged. */
  refresh(): void {
    const definition = this.compared ?? this.document.definition;
    if (this.graph.definition !== definition || this.graph.types !== this.types) {
      this.graphStore.set(graphOf(definition, this.types));
      this.dropVanished();
      this.ui.update({ empty: definition.nodes.length + definition.notes.length + definition.groups.length === 0 });
    }
    const { nodes, edges } = this.selection.get();
    this.view.set(this.model.make({
      graph: this.graph, selected: nodes, selectedEdges: edges, places: this.places, problems: this.problems, changes: this.changes, editable: this.editable,
    }));
  }

  private dropVanished(): void {
    const { definition } = this.graph;
    const there = new Set([...definition.nodes, ...definition.groups, ...definition.notes].map((item) => item.id));
    const selection = this.selection.get();
    const nodes = [...selection.nodes].filter((id) => there.has(id));
    const edges = [...selection.edges].filter((id) => this.graph.edges.has(id));
    if (nodes.length !== selection.nodes.size || edges.length !== selection.edges.size) this.setSelection(nodes, edges, selection.active);
    const { editing } = this.ui.get();
    if (editing !== undefined && !there.has(editing)) this.ui.update({ editing: undefined });
  }

  // Selecting

  select(ids: Iterable<string>, active?: string): void {
    const all = [...ids];
    this.setSelection(all.filter((id) => !this.graph.edges.has(id) || this.graph.nodes.has(id)), all.filter((id) => this.graph.edges.has(id) && !this.graph.nodes.has(id)), active);
    this.refresh();
  }

  setSelection(nodes: Iterable<string>, edges: Iterable<string>, active?: string): void {
    const chosen = new Set(nodes);
    const last = active !== undefined && chosen.has(active) ? active : [...chosen].at(-1);
    this.selection.set({ nodes: chosen, edges: new Set(edges), active: last });
    window.clearTimeout(this.tellTimer);
    this.tellTimer = window.setTimeout(() => this.tellSelection(), 60);
  }

  /** Changes that a box select or a click brought; gathered, so that the server hears of the last only. */
  changeSelection(changes: readonly { id: string; selected: boolean }[], of: 'nodes' | 'edges'): void {
    const { nodes, edges } = this.selection.get();
    const next = { nodes: new Set(nodes), edges: new Set(edges) };
    for (const { id, selected } of changes) {
      if (selected) next[of].add(id);
      else next[of].delete(id);
    }
    const added = changes.findLast((change) => change.selected && of === 'nodes')?.id;
    this.setSelection(next.nodes, next.edges, added ?? this.selection.get().active);
    this.refresh();
  }

  private busy = false;

  /** While a box is drawn or nodes are dragged the server hears nothing. */
  setBusy(busy: boolean): void {
    this.busy = busy;
    if (!busy) this.tellSelection();
  }

  private tellSelection(): void {
    if (this.busy) return;
    const { nodes, edges } = this.selection.get();
    const ids = [...nodes, ...edges];
    if (ids.length === this.told.length && ids.every((id, index) => id === this.told[index])) return;
    this.told = ids;
    this.server.selectionChanged(ids);
  }

  // Doing

  /** Performs a gesture and says it; false when it would change nothing. */
  perform(gesture: Gesture | undefined, say = true): boolean {
    if (!gesture) return false;
    if (!this.editable) {
      this.announce(this.labels.saidReadOnly);
      return false;
    }
    if (!this.document.do(gesture.label, gesture.ops)) return false;
    if (gesture.select) this.select(gesture.select);
    if (say) this.announce(`${gesture.label}.`);
    return true;
  }

  undo(): void { this.timeTravel(() => this.document.undo(), this.labels.saidUndone, this.labels.saidNothingToUndo); }
  redo(): void { this.timeTravel(() => this.document.redo(), this.labels.saidRedone, this.labels.saidNothingToRedo); }

  private timeTravel(step: () => string | undefined, said: string, saidNothing: string): void {
    if (!this.editable) return this.announce(this.labels.saidReadOnly);
    const label = step();
    this.announce(label === undefined ? saidNothing : fill(said, label));
  }

  connect(from: string, fromPort: string, to: string, toPort: string): boolean {
    const why = refusal(this.graph, from, fromPort, to, toPort);
    if (why === undefined) return this.perform(gestures.connect(this.graph, from, fromPort, to, toPort));
    const words = { self: this.labels.whySelf, 'no-port': this.labels.whyPort, 'there-already': this.labels.whyThere, cycle: this.labels.whyCycle, type: this.labels.whyType };
    this.notify(fill(this.labels.saidCannotConnect, words[why]), false);
    return false;
  }

  async run(what: { fromNode?: string; onlyNode?: string }): Promise<void> {
    if (this.options.canRun === false) return;
    await this.document.sent();
    this.server.run(what);
  }

  // Dragging: places lie over the definition until the drop

  drag(moves: readonly ({ id: string } & Place)[]): void {
    const { definition } = this.graph;
    for (const { id, ...place } of moves) this.places.set(id, { ...this.places.get(id), ...place });
    for (const group of definition.groups) {
      const place = this.places.get(group.id);
      if (!place || place.width !== undefined || !moves.some((move) => move.id === group.id)) continue;
      for (const node of definition.nodes) {
        if (node.group === group.id) this.places.set(node.id, { x: node.x + place.x - group.x, y: node.y + place.y - group.y });
      }
    }
    this.refresh();
  }

  /** The end of a drag: one gesture for everything that was moved. */
  drop(): void {
    const places = this.places;
    this.places = new Map();
    this.guides.set([]);
    const spliced = this.spliceEdge.get();
    this.spliceEdge.set(undefined);
    const [only] = places.size === 1 ? places : [];
    const gesture = (spliced !== undefined && only && gestures.splice(this.graph, only[0], spliced, only[1])) || gestures.move(this.graph, places);
    if (!this.perform(gesture)) this.refresh();
  }

  resized(id: string, box: Box): void {
    this.places.delete(id);
    const group = this.graph.definition.groups.find((candidate) => candidate.id === id);
    const note = this.graph.definition.notes.find((candidate) => candidate.id === id);
    const done = group
      ? this.perform({ label: `Resize ${group.name}`, ops: [{ op: 'setGroup', group: { ...group, ...box } }] })
      : note && this.perform({ label: 'Resize note', ops: [{ op: 'setNote', note: { ...note, ...box } }] });
    if (!done) this.refresh();
  }

  placeOf(id: string): Place | undefined { return this.places.get(id); }

  // Saying

  announce(text: string): void {
    // The same sentence twice is another text to a screen reader only when it differs.
    this.said.set(this.said.get() === text ? `${text}\u00a0` : text);
  }

  notify(text: string, bad: boolean): void {
    this.ui.update({ notice: { text, bad } });
    this.announce(text);
  }

  dispose(): void {
    window.clearTimeout(this.tellTimer);
    this.follower.close();
    this.document.close();
    this.layout.close();
  }
}
