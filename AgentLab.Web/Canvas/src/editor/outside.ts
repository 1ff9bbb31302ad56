import type { CommitAnswer, CommitRequest, Insets, NodeType } from '../model/types';
import type { Labels } from '../model/labels';

/** Blazor's reference to the page's component. */
export interface DotNet {
  invokeMethodAsync<T>(method: string, ...args: unknown[]): Promise<T>;
}

export interface Options {
  theme?: 'light' | 'dark';
  readOnly?: boolean;
  /** Without it, the system's setting decides. */
  reducedMotion?: boolean;
  /** Whether runs can be started from the canvas. Default: true. */
  canRun?: boolean;
  outline?: boolean;
  labels?: Partial<Labels>;
  insets?: Partial<Insets>;
  types?: NodeType[];
  /** Where the layout worker lies; by default beside this script. */
  workerUrl?: string;
}

/** Blazor takes what is larger than a message as a stream of bytes, at its own pace. */
interface Blazor {
  createJSStreamReference(bytes: Uint8Array): unknown;
}

/** The server takes 128 KB in one message; what is round the operations is small. */
const message = 96 * 1024;

/** Sends a gesture, whatever its size, as one: it is committed wholly or not at all. */
export function commit(dotnet: DotNet, request: CommitRequest): Promise<CommitAnswer> {
  const bytes = new TextEncoder().encode(JSON.stringify(request.ops));
  if (bytes.length <= message) return dotnet.invokeMethodAsync<CommitAnswer>('Commit', request);
  const { baseRev, txId, label } = request;
  const blazor = (globalThis as unknown as { DotNet: Blazor }).DotNet;
  return dotnet.invokeMethodAsync<CommitAnswer>('CommitLarge', { baseRev, txId, label }, blazor.createJSStreamReference(bytes));
}

/** The calls to the server. Those that tell of something are sent and forgotten: a circuit that is gone comes back with a load. */
export class Server {
  constructor(private readonly dotnet: DotNet) {}

  commit = (request: CommitRequest): Promise<CommitAnswer> => commit(this.dotnet, request);
  resync = (rev: number): void => this.tell('Resync', rev);
  selectionChanged = (ids: string[]): void => this.tell('SelectionChanged', ids);
  activated = (id: string): void => this.tell('NodeActivated', id);
  pinRequested = (id: string): void => this.tell('PinRequested', id);
  run = (what: { fromNode?: string; onlyNode?: string }): void => this.tell('Run', what);
  openHelp = (): void => this.tell('OpenHelp');

  private tell(method: string, ...args: unknown[]): void {
    this.dotnet.invokeMethodAsync(method, ...args).catch((error: unknown) => console.warn(`canvas: ${method} did not reach the server`, error));
  }
}
