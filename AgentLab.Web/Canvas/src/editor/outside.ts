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

/** The calls to the server. Those that tell of something are sent and forgotten: a circuit that is gone comes back with a load. */
export class Server {
  constructor(private readonly dotnet: DotNet) {}

  commit = (request: CommitRequest): Promise<CommitAnswer> => this.dotnet.invokeMethodAsync<CommitAnswer>('Commit', request);
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
