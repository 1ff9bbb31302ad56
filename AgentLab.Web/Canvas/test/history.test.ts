import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { commit } from '../src/editor/outside';
import { WorkflowDocument } from '../src/model/history';
import { apply } from '../src/model/operations';
import type { CommitAnswer, CommitRequest, Definition, Operation } from '../src/model/types';
import { gestureFor, gestures, sample } from './arbitrary';

/** A server as the contract has it: it applies gestures to its own copy and may be told to reject. */
class FakeServer {
  definition: Definition = sample();
  rev = 1;
  requests: CommitRequest[] = [];
  rejectNext: string | undefined;
  failNext = 0;
  lost: string[] = [];
  resyncs: number[] = [];
  private held: (() => void)[] = [];
  hold = false;

  readonly document = new WorkflowDocument({
    commit: (request) => this.commit(request), resync: (rev) => { this.resyncs.push(rev); }, changed: () => undefined, lost: (label) => this.lost.push(label), pause: () => Promise.resolve(),
  });

  constructor() { this.document.load(this.rev, this.definition); }

  private async commit(request: CommitRequest): Promise<CommitAnswer> {
    this.requests.push(request);
    if (this.hold) await new Promise<void>((resolve) => this.held.push(resolve));
    await Promise.resolve();
    if (this.failNext > 0) {
      this.failNext--;
      throw new Error('gone');
    }
    if (this.rejectNext !== undefined) {
      const reason = this.rejectNext;
      this.rejectNext = undefined;
      return { rejected: true, reason, rev: this.rev, ops: [] };
    }
    this.definition = apply(this.definition, request.ops).definition;
    return { rev: ++this.rev };
  }

  /** Another person's change. */
  other(ops: Operation[]): void {
    this.definition = apply(this.definition, ops).definition;
    this.document.remote({ rev: ++this.rev, ops });
  }

  release(): void {
    this.hold = false;
    for (const resolve of this.held.splice(0)) resolve();
  }
}

const move = (id: string, x: number): Operation[] => [{ op: 'moveNodes', moves: [{ id, x, y: 0 }] }];

describe('the document', () => {
  it('shows a gesture at once and tells the server of it', async () => {
    const server = new FakeServer();
    expect(server.document.do('Move', move('get', 50))).toBe(true);
    expect(server.document.definition.nodes[1]!.x).toBe(50);
    await server.document.sent();
    expect(server.definition).toEqual(server.document.definition);
    expect(server.requests).toMatchObject([{ baseRev: 1, label: 'Move', ops: move('get', 50) }]);
  });

  it('leads to the same graph after 50 undos and 50 redos', async () => {
    await fc.assert(fc.asyncProperty(gestures, async (all) => {
      const server = new FakeServer();
      let done = 0;
      for (let number = 0; done < 50; number++) {
        if (number > 400) break;
        const ops = gestureFor(server.document.definition, all[number % all.length]!, number);
        if (ops.length > 0 && server.document.do(`g${number}`, ops)) done++;
      }
      const end = server.document.definition;
      for (let index = 0; index < done; index++) expect(server.document.undo()).toBeDefined();
      expect(server.document.definition).toEqual(sample());
      for (let index = 0; index < done; index++) expect(server.document.redo()).toBeDefined();
      expect(server.document.definition).toEqual(end);
      await server.document.sent();
      expect(server.definition).toEqual(end);
      expect(server.lost).toEqual([]);
    }), { numRuns: 15 });
  });

  it('sends gestures one after the other, each on the revision before it', async () => {
    const server = new FakeServer();
    server.hold = true;
    for (let x = 1; x <= 4; x++) server.document.do(`Move ${x}`, move('get', x * 10));
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    server.release();
    await server.document.sent();
    expect(server.requests.map((request) => request.baseRev)).toEqual([1, 2, 3, 4]);
    expect(server.definition.nodes[1]!.x).toBe(40);
  });

  it('returns to the truth of the server when a gesture is rejected, and keeps a later one', async () => {
    const server = new FakeServer();
    server.hold = true;
    server.document.do('Rejected', move('get', 10));
    server.document.do('Kept', move('yes', 20));
    server.rejectNext = 'No.';
    server.release();
    await server.document.sent();
    expect(server.lost).toEqual(['Rejected']);
    expect(server.document.definition).toEqual(server.definition);
    expect(server.document.definition.nodes.map((node) => node.x)).toEqual([0, 336, 672, 20, 1008]);
    expect(server.document.undo()).toBe('Kept');
    expect(server.document.undo()).toBeUndefined();
  });

  it('takes the operations of a rejection in to reach the newer truth', async () => {
    const server = new FakeServer();
    const document = new WorkflowDocument({
      commit: async () => ({ rejected: true, reason: 'Changed.', rev: 5, ops: move('no', 7) }), resync: () => { throw new Error('not needed'); }, changed: () => undefined, lost: () => undefined, pause: () => Promise.resolve(),
    });
    document.load(1, sample());
    document.do('Move', move('get', 10));
    await document.sent();
    expect(document.rev).toBe(5);
    expect(document.definition).toEqual(apply(sample(), move('no', 7)).definition);
    expect(server.document.pending).toBe(0);
  });

  it('puts another person\'s change under the gestures that wait', async () => {
    const server = new FakeServer();
    server.hold = true;
    server.document.do('Mine', move('get', 10));
    server.document.remote({ rev: 2, ops: move('yes', 77) });
    expect(server.document.definition.nodes.map((node) => node.x)).toEqual([0, 10, 672, 77, 1008]);
  });

  it('takes a change of the inspector into the undo stack', async () => {
    const server = new FakeServer();
    const node = { ...server.definition.nodes[1]!, name: 'From the inspector' };
    server.document.remote({ rev: 2, ops: [{ op: 'setNode', node }], label: 'Edit', undoable: true });
    server.rev = 2;
    server.definition = server.document.definition;
    expect(server.document.definition.nodes[1]!.name).toBe('From the inspector');
    expect(server.document.undo()).toBe('Edit');
    await server.document.sent();
    expect(server.definition.nodes[1]!.name).toBe('Get');
  });

  it('keeps what another person changed of a node while a gesture at another of its fields waits', async () => {
    const server = new FakeServer();
    server.hold = true;
    server.document.do('Move', move('get', 50));
    const mine = server.document.definition.nodes.find((node) => node.id === 'yes')!;
    server.document.do('Switch off', [{ op: 'setNode', node: { ...mine, disabled: true, settings: { ...mine.settings, more: 1 } } }]);
    server.other([{ op: 'setNode', node: { ...mine, name: 'Theirs', settings: { ...mine.settings, other: 2 } } }]);
    server.release();
    await server.document.sent();
    const both = { name: 'Theirs', disabled: true, settings: { ...mine.settings, more: 1, other: 2 } };
    expect(server.definition.nodes.find((node) => node.id === 'yes')).toMatchObject(both);
    expect(server.document.definition).toEqual(server.definition);
    server.document.undo();
    await server.document.sent();
    expect(server.definition.nodes.find((node) => node.id === 'yes')).toMatchObject({ name: 'Theirs', disabled: false });
  });

  it('gives up a gesture that waits when another person has changed the same field, and sends it nowhere', async () => {
    const server = new FakeServer();
    server.hold = true;
    server.document.do('Move', move('get', 50));
    const mine = server.document.definition.nodes.find((node) => node.id === 'yes')!;
    server.document.do('Rename', [{ op: 'setNode', node: { ...mine, name: 'Mine' } }]);
    server.other([{ op: 'setNode', node: { ...mine, name: 'Theirs' } }]);
    server.release();
    await server.document.sent();
    expect(server.lost).toEqual(['Rename']);
    expect(server.requests).toHaveLength(1);
    expect(server.document.definition.nodes.find((node) => node.id === 'yes')!.name).toBe('Theirs');
  });

  it('sends a gesture the same way again when no answer came, whatever others did meanwhile', async () => {
    const server = new FakeServer();
    server.hold = true;
    server.failNext = 1;
    const mine = server.document.definition.nodes.find((node) => node.id === 'yes')!;
    server.document.do('Rename', [{ op: 'setNode', node: { ...mine, name: 'Mine' } }]);
    server.other([{ op: 'setNode', node: { ...mine, name: 'Theirs' } }]);
    server.rejectNext = 'Someone else changed name.';
    server.release();
    await server.document.sent();
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]).toEqual(server.requests[0]);
    expect(server.document.definition.nodes.find((node) => node.id === 'yes')!.name).toBe('Theirs');
  });

  it('undoes only its own fields when another person has changed the node since', async () => {
    const server = new FakeServer();
    server.document.do('Rename', [{ op: 'setNode', node: { ...server.definition.nodes[1]!, name: 'Fetch' } }]);
    await server.document.sent();
    server.other([{ op: 'setNode', node: { ...server.definition.nodes[1]!, disabled: true } }]);
    server.document.undo();
    await server.document.sent();
    expect(server.definition.nodes[1]).toMatchObject({ name: 'Get', disabled: true });
  });

  it('sends again under the same name when the circuit was gone', async () => {
    const server = new FakeServer();
    server.failNext = 3;
    server.document.do('Move', move('get', 10));
    await server.document.sent();
    expect(new Set(server.requests.map((request) => request.txId)).size).toBe(1);
    expect(server.requests).toHaveLength(4);
    expect(server.definition.nodes[1]!.x).toBe(10);
  });

  it('asks for everything when revisions are missing, and keeps what it has not sent', async () => {
    const server = new FakeServer();
    server.document.remote({ rev: 4, ops: move('yes', 1) });
    expect(server.resyncs).toEqual([1]);
    server.document.do('Waits', move('get', 10));
    expect(server.requests).toEqual([]);
    server.rev = 4;
    server.document.load(4, server.definition);
    await server.document.sent();
    expect(server.requests).toMatchObject([{ baseRev: 4 }]);
    expect(server.definition.nodes[1]!.x).toBe(10);
  });

  it('does not take an echo of its own gesture in twice', async () => {
    const server = new FakeServer();
    server.hold = true;
    const node = { ...sample().nodes[0]!, id: 'fresh' };
    server.document.do('Add', [{ op: 'addNode', node }]);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    server.document.remote({ rev: 2, ops: [{ op: 'addNode', node }], txId: server.requests[0]!.txId });
    server.release();
    await vi.waitFor(() => expect(server.rev).toBe(2));
    await Promise.resolve();
    expect(server.document.definition.nodes.filter((candidate) => candidate.id === 'fresh')).toHaveLength(1);
    expect(server.lost).toEqual([]);
  });
});

describe('a large gesture', () => {
  const paste = Array.from({ length: 300 }, (_, index): Operation => ({ op: 'addNode', node: { ...sample().nodes[1]!, id: `big${index}`, settings: { text: 'ä'.repeat(500) } } }));

  it('is one commit and one step to undo', async () => {
    const server = new FakeServer();
    server.document.do('Paste', paste);
    expect(server.document.waiting).toHaveLength(1);
    await server.document.sent();
    expect(server.requests).toHaveLength(1);
    expect(server.definition.nodes).toHaveLength(305);
    server.document.undo();
    await server.document.sent();
    expect(server.requests).toHaveLength(2);
    expect(server.definition).toEqual(sample());
    server.document.redo();
    await server.document.sent();
    expect(server.definition.nodes).toHaveLength(305);
  });

  it('is taken back wholly when the server rejects it', async () => {
    const server = new FakeServer();
    server.rejectNext = 'Too many nodes.';
    server.document.do('Paste', paste);
    await server.document.sent();
    expect(server.document.definition).toEqual(sample());
    expect(server.document.canUndo).toBe(false);
  });

  it('is refused at once where no workflow could hold it', () => {
    const server = new FakeServer();
    const node = { ...sample().nodes[1]!, settings: { text: 'x'.repeat(5_000_000) } };
    expect(server.document.do('Edit', [{ op: 'setNode', node }])).toBe(false);
    expect(server.lost).toEqual(['Edit']);
    expect(server.document.definition).toEqual(sample());
  });

  it('goes to the server as a stream of its bytes, a small one as a message', async () => {
    const calls: unknown[][] = [];
    const dotnet = { invokeMethodAsync: <T>(...args: unknown[]): Promise<T> => { calls.push(args); return Promise.resolve({ rev: 2 } as T); } };
    vi.stubGlobal('DotNet', { createJSStreamReference: (bytes: Uint8Array) => ({ bytes }) });
    const head = { baseRev: 1, txId: 't', label: 'Paste' };
    await commit(dotnet, { ...head, ops: paste.slice(0, 3) });
    await commit(dotnet, { ...head, ops: paste });
    vi.unstubAllGlobals();
    expect(calls[0]).toEqual(['Commit', { ...head, ops: paste.slice(0, 3) }]);
    expect(calls[1]!.slice(0, 2)).toEqual(['CommitLarge', head]);
    expect(JSON.parse(new TextDecoder().decode((calls[1]![2] as { bytes: Uint8Array }).bytes))).toEqual(paste);
  });
});
