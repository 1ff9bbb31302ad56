import { emptyDefinition } from './definition';
import { newTxId } from './ids';
import { same } from './json';
import { apply, carryOver, changesNothing, clashes, Conflict } from './operations';
import type { ApplyMessage, CommitAnswer, CommitRequest, Definition, Operation, WorkflowNode } from './types';

/** How the document reaches the server and tells the page what became of a gesture. */
export interface Outside {
  commit(request: CommitRequest): Promise<CommitAnswer>;
  resync(rev: number): Promise<void> | void;
  /** The definition that is shown has changed. */
  changed(): void;
  /** A gesture could not stay: the reason, for people. */
  lost(label: string, reason: string): void;
  /** Pause before a commit that did not reach the server is sent again. */
  pause(attempt: number): Promise<void>;
}

interface Entry {
  txId: string;
  label: string;
  inverse: Operation[];
  /** How each node that the gesture set looked after it. */
  after: Map<string, WorkflowNode>;
}

interface Pending {
  txId: string;
  label: string;
  ops: Operation[];
  /** How each node that the gesture sets looked before it. */
  before: Map<string, WorkflowNode>;
  /** What went to the server, for the server to judge: it goes the same way again when no answer comes. */
  sentAs?: { baseRev: number; ops: Operation[] };
}

const depth = 200;
/** A gesture is committed as one, and a whole definition has at most so many bytes. */
const largest = 4 * 1024 * 1024;

/**
 * The workflow that is being edited: the server's truth, the gestures that are on their way to it in order, and what is shown, which is both together. One
 * commit travels at a time, each on the revision that the one before it led to; a rejected one is taken out and the later ones are put on the truth again.
 */
export class WorkflowDocument {
  private truth: Definition = emptyDefinition;
  private shown: Definition = emptyDefinition;
  private revision = 0;
  private queue: Pending[] = [];
  private sending = false;
  private resyncing = false;
  private closed = false;
  private done: Entry[] = [];
  private undone: Entry[] = [];
  private readonly waiters: (() => void)[] = [];

  constructor(private readonly outside: Outside) {}

  get definition(): Definition { return this.shown; }
  get rev(): number { return this.revision; }
  get canUndo(): boolean { return this.done.length > 0; }
  get canRedo(): boolean { return this.undone.length > 0; }
  get pending(): number { return this.queue.length; }

  /** What has not been answered yet, as it would be sent: for a page that is being left. */
  get waiting(): CommitRequest[] { return this.queue.map((pending) => this.request(pending)); }

  /** The server's truth. Gestures that wait are kept when the document itself had asked for it, and lost otherwise, with the undo stack: it is another text then. */
  load(rev: number, definition: Definition): void {
    const asked = this.resyncing;
    this.resyncing = false;
    this.truth = definition;
    this.revision = rev;
    if (!asked) {
      this.queue = [];
      this.done = [];
      this.undone = [];
    }
    this.rebuild();
    void this.send();
  }

  /** A gesture of the person here: shown at once, on its way to the server. False when it would change nothing or does not fit. */
  do(label: string, ops: Operation[]): boolean {
    const entry = this.perform(label, ops);
    if (!entry) return false;
    this.done.push(entry);
    if (this.done.length > depth) this.done.shift();
    this.undone = [];
    return true;
  }

  undo(): string | undefined { return this.step(this.done, this.undone, 'Undo'); }
  redo(): string | undefined { return this.step(this.undone, this.done, 'Redo'); }

  /** What the server did: another person, the builder, or the inspector here, whose changes can be undone like any gesture. */
  remote(message: ApplyMessage): void {
    if (message.rev <= this.revision || this.resyncing) return;
    if (message.rev !== this.revision + 1) return this.askAgain();
    try {
      const { definition, inverse } = apply(this.truth, message.ops);
      this.truth = definition;
      this.revision = message.rev;
      if (message.txId !== undefined) this.queue = this.queue.filter((pending) => pending.txId !== message.txId);
      if (message.undoable && inverse.length > 0) {
        this.done.push({ txId: message.txId ?? newTxId(), label: message.label ?? 'Edit', inverse, after: nodesSet(definition, message.ops) });
        this.undone = [];
      }
      this.rebuild();
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      this.askAgain();
    }
  }

  /** Resolves when every gesture made so far has been answered. */
  async sent(): Promise<void> {
    const last = this.queue.at(-1);
    while (!this.closed && last && this.queue.includes(last)) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  private wake(): void {
    for (const waiter of this.waiters.splice(0)) waiter();
  }

  /** Takes the newest entry of one stack back and puts what undoes that on the other; entries that do not fit any more are passed over. */
  private step(from: Entry[], to: Entry[], word: string): string | undefined {
    for (let entry = from.pop(); entry; entry = from.pop()) {
      const ops = onto(this.shown, entry);
      const label = entry.label;
      const back = ops.length > 0 ? this.perform(label, ops, `${word}: ${label}`) : undefined;
      if (back) {
        to.push(back);
        return label;
      }
      this.outside.lost(`${word}: ${label}`, 'It was changed meanwhile.');
    }
    return undefined;
  }

  private perform(label: string, ops: Operation[], sent = label): Entry | undefined {
    if (ops.length === 0 || changesNothing(this.shown, ops)) return undefined;
    try {
      const { definition, inverse } = apply(this.shown, ops);
      if (sizeOf(ops) > largest) {
        this.outside.lost(label, 'It is larger than 4 MB, which no workflow may be: do it in parts.');
        return undefined;
      }
      const before = nodesSet(this.shown, ops);
      this.shown = definition;
      const txId = newTxId();
      this.queue.push({ txId, label: sent, ops, before });
      this.outside.changed();
      void this.send();
      return { txId, label, inverse, after: nodesSet(definition, ops) };
    } catch (error) {
      if (error instanceof Conflict) return undefined;
      throw error;
    }
  }

  private async send(): Promise<void> {
    if (this.sending || this.resyncing) return;
    this.sending = true;
    try {
      for (let attempt = 0; !this.closed && !this.resyncing; ) {
        const next = this.queue[0];
        if (!next) return;
        const baseRev = this.revision;
        try {
          next.sentAs ??= { baseRev, ops: next.ops };
          const answer = await this.outside.commit(this.request(next));
          attempt = 0;
          if (!this.closed) this.settle(next, baseRev, answer);
          this.wake();
        } catch {
          // The circuit may be gone for a moment; the server knows the gesture again by its txId.
          if (this.closed) return;
          await this.outside.pause(attempt++);
        }
      }
    } finally {
      this.sending = false;
    }
  }

  private request = ({ txId, label, ops, sentAs }: Pending): CommitRequest => ({ txId, label, ...(sentAs ?? { baseRev: this.revision, ops }) });

  private settle(sent: Pending, baseRev: number, answer: CommitAnswer): void {
    const waited = this.queue.includes(sent);
    this.queue = this.queue.filter((pending) => pending !== sent);
    if (answer.rejected) return this.rollBack(sent, baseRev, answer);
    if (!waited || answer.rev <= this.revision) return;
    if (answer.rev !== this.revision + 1) return this.askAgain();
    try {
      // What is shown is this already; nothing has to be drawn again.
      this.truth = this.queue.length === 0 ? this.shown : apply(this.truth, sent.ops).definition;
      this.revision = answer.rev;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      this.askAgain();
    }
  }

  private rollBack(sent: Pending, baseRev: number, answer: Extract<CommitAnswer, { rejected: true }>): void {
    this.forget(sent);
    this.outside.lost(sent.label, answer.reason);
    if (answer.rev > this.revision) {
      if (this.revision !== baseRev || !answer.ops) return this.askAgain();
      try {
        this.truth = apply(this.truth, answer.ops).definition;
        this.revision = answer.rev;
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        return this.askAgain();
      }
    }
    this.rebuild();
  }

  /** A gesture that is not in the graph any more cannot be undone either. */
  private forget(pending: Pending): void {
    this.done = this.done.filter((entry) => entry.txId !== pending.txId);
    this.undone = this.undone.filter((entry) => entry.txId !== pending.txId);
  }

  private askAgain(): void {
    this.resyncing = true;
    this.rebuild();
    void this.outside.resync(this.revision);
  }

  /** Puts the waiting gestures on the truth again; one that does not fit any more is lost, and said so. */
  private rebuild(): void {
    let shown = this.truth;
    this.queue = this.queue.filter((pending) => {
      try {
        rebase(pending, shown);
        shown = apply(shown, pending.ops).definition;
        return true;
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
        this.forget(pending);
        this.outside.lost(pending.label, 'It was changed meanwhile.');
        return false;
      }
    });
    this.shown = shown;
    this.outside.changed();
  }
}

const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

function nodesSet(definition: Definition, ops: readonly Operation[]): Map<string, WorkflowNode> {
  const ids = new Set(ops.filter((operation) => operation.op === 'setNode').map((operation) => operation.node.id));
  return new Map(definition.nodes.filter((node) => ids.has(node.id)).map((node) => [node.id, node]));
}

/**
 * Brings a waiting gesture onto the definition as it is now: of a node that someone else changed meanwhile it sets only the fields that it is about. Where both
 * changed the same, one that was not sent yet does not fit any more; the server judges one that was.
 */
function rebase(pending: Pending, definition: Definition): void {
  if (pending.before.size === 0) return;
  const now = new Map(definition.nodes.map((node) => [node.id, node]));
  pending.ops = pending.ops.map((operation) => {
    const before = operation.op === 'setNode' ? pending.before.get(operation.node.id) : undefined;
    const current = before && now.get(before.id);
    if (operation.op !== 'setNode' || !before || !current || same(current, before)) return operation;
    if (!pending.sentAs && clashes(current, before, operation.node)) throw new Conflict(`${operation.node.name} was changed meanwhile.`);
    pending.before.set(before.id, current);
    return { op: 'setNode', node: carryOver(current, before, operation.node) };
  });
}

/** What undoes an entry, brought onto the definition as it is now: only the fields that the entry had changed, only nodes that are still there. */
function onto(definition: Definition, entry: Entry): Operation[] {
  const states = new Map(entry.after);
  const ops: Operation[] = [];
  const now = new Map(definition.nodes.map((node) => [node.id, node]));
  for (const operation of entry.inverse) {
    if (operation.op === 'moveNodes') {
      const moves = operation.moves.filter((move) => now.has(move.id) || entry.inverse.some((other) => other.op === 'addNode' && other.node.id === move.id));
      if (moves.length > 0) ops.push({ op: 'moveNodes', moves });
    } else if (operation.op === 'setNode') {
      const from = states.get(operation.node.id);
      const current = now.get(operation.node.id);
      const node = from && current ? carryOver(current, from, operation.node) : operation.node;
      states.set(operation.node.id, operation.node);
      now.set(operation.node.id, node);
      ops.push({ op: 'setNode', node });
    } else ops.push(operation);
  }
  return ops;
}
