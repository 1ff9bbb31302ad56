import type { EdgeStatus, NodeStatus, StatusPatch } from './types';

type Listener = () => void;

/** Hears the ids whose states have changed. */
export type Changed = (nodes: ReadonlySet<string>, edges: ReadonlySet<string>) => void;

/** Hands out a function to be called once before the next picture. */
export type Frame = (flush: () => void) => void;

/** So many nodes, and as many edges, are drawn in one frame: when many come at once, no frame waits for all of them. */
export const mostInFrame = 200;

/**
 * The live states of a run, beside the graph: a patch touches only the nodes and edges that it names. Patches gather until the next frame; the last for
 * each id wins, and what one frame does not take the next one does, in the order in which it came.
 */
export class StatusStore {
  private readonly nodes = new Map<string, NodeStatus>();
  private readonly edges = new Map<string, EdgeStatus>();
  private readonly nodeListeners = new Map<string, Set<Listener>>();
  private readonly edgeListeners = new Map<string, Set<Listener>>();
  private readonly anyListeners = new Set<Changed>();
  private readonly waitingNodes = new Map<string, NodeStatus | undefined>();
  private readonly waitingEdges = new Map<string, EdgeStatus | undefined>();
  private asked = false;
  private whole = false;
  private run: string | undefined;
  private seq = -1;

  constructor(private readonly frame: Frame) {}

  node = (id: string): NodeStatus | undefined => this.nodes.get(id);
  edge = (id: string): EdgeStatus | undefined => this.edges.get(id);
  /** The run whose states are shown. */
  get shownRun(): string | undefined { return this.run; }
  get all(): ReadonlyMap<string, NodeStatus> { return this.nodes; }

  onNode(id: string, listener: Listener): Listener { return listen(this.nodeListeners, id, listener); }
  onEdge(id: string, listener: Listener): Listener { return listen(this.edgeListeners, id, listener); }

  /** Called once a frame in which anything changed. */
  onAny(listener: Changed): Listener {
    this.anyListeners.add(listener);
    return () => this.anyListeners.delete(listener);
  }

  /** Takes a patch in. Another run than the one before begins with a clean picture; a patch that is older than one already taken is left out. */
  patch(patch: StatusPatch): void {
    if (patch.run !== undefined && patch.run !== this.run) {
      if (this.run !== undefined) this.clear();
      this.run = patch.run;
      this.seq = -1;
    }
    if (patch.seq !== undefined) {
      if (patch.seq <= this.seq) return;
      this.seq = patch.seq;
    }
    for (const [id, state, count, text, durationMs] of patch.n ?? []) {
      this.waitingNodes.set(id, { state, count: count ?? undefined, text: text ?? undefined, durationMs: durationMs ?? undefined });
    }
    for (const [id, active, count] of patch.e ?? []) this.waitingEdges.set(id, { active: Boolean(active), count: count ?? undefined });
    this.ask();
  }

  clear(): void {
    this.waitingNodes.clear();
    this.waitingEdges.clear();
    for (const id of this.nodes.keys()) this.waitingNodes.set(id, undefined);
    for (const id of this.edges.keys()) this.waitingEdges.set(id, undefined);
    this.run = undefined;
    this.seq = -1;
    // States of two runs are never seen together.
    this.whole = true;
    this.ask();
  }

  private ask(): void {
    if (this.asked) return;
    this.asked = true;
    this.frame(() => {
      this.asked = false;
      this.flush();
    });
  }

  private flush(): void {
    const most = this.whole ? Infinity : mostInFrame;
    this.whole = false;
    const nodes = take(this.waitingNodes, this.nodes, most);
    const edges = take(this.waitingEdges, this.edges, most);
    tell(nodes, this.nodeListeners);
    tell(edges, this.edgeListeners);
    for (const listener of this.anyListeners) listener(nodes, edges);
    if (this.waitingNodes.size + this.waitingEdges.size > 0) this.ask();
  }
}

function listen(listeners: Map<string, Set<Listener>>, id: string, listener: Listener): Listener {
  const set = listeners.get(id) ?? new Set();
  listeners.set(id, set.add(listener));
  return () => {
    set.delete(listener);
    if (set.size === 0 && listeners.get(id) === set) listeners.delete(id);
  };
}

/** Takes so many of those that wait over; their ids. */
function take<T>(waiting: Map<string, T | undefined>, current: Map<string, T>, most: number): Set<string> {
  const taken = new Set<string>();
  for (const [id, value] of waiting) {
    if (taken.size >= most) break;
    if (value === undefined) current.delete(id);
    else current.set(id, value);
    waiting.delete(id);
    taken.add(id);
  }
  return taken;
}

function tell(ids: Iterable<string>, listeners: ReadonlyMap<string, ReadonlySet<Listener>>): void {
  for (const id of ids) for (const listener of listeners.get(id) ?? []) listener();
}
