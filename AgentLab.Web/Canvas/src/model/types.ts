/** The wire: the same shapes as AgentLab.Core/Workflows/Definition, in camel case, defaults left out. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type OnError = 'stop' | 'continue' | 'port';

export interface WorkflowNode {
  id: string;
  kind: string;
  name: string;
  x: number;
  y: number;
  settings: JsonObject;
  disabled: boolean;
  pinned?: Json;
  retry?: { attempts?: number; delaySeconds?: number; maxDelaySeconds?: number };
  timeoutSeconds?: number;
  onError: OnError;
  group?: string;
  comment?: string;
}

export interface WorkflowEdge {
  id: string;
  from: string;
  fromPort: string;
  to: string;
  toPort: string;
}

export type Color = 'grey' | 'blue' | 'green' | 'amber' | 'red' | 'violet';
export const colors: readonly Color[] = ['grey', 'blue', 'green', 'amber', 'red', 'violet'];

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface WorkflowGroup extends Box {
  id: string;
  name: string;
  color: Color;
}

export interface WorkflowNote extends Box {
  id: string;
  text: string;
  color: Color;
}

/** What belongs to the workflow as a whole. */
export interface WorkflowHead {
  name: string;
  description: string;
  tags: string[];
  input: Json;
  output: Json;
  limits: JsonObject;
}

export interface Definition extends WorkflowHead {
  nodes: WorkflowNode[];
  edges: WorkflowEdge[];
  groups: WorkflowGroup[];
  notes: WorkflowNote[];
}

/** A definition as it travels: defaults are left out. */
export interface WireDefinition extends Partial<WorkflowHead> {
  nodes?: (Partial<WorkflowNode> & { id: string; kind: string })[];
  edges?: WorkflowEdge[];
  groups?: (Partial<WorkflowGroup> & { id: string })[];
  notes?: (Partial<WorkflowNote> & { id: string })[];
}

export interface NodeMove {
  id: string;
  x: number;
  y: number;
}

export type Operation =
  | { op: 'addNode'; node: WorkflowNode; at?: number }
  | { op: 'setNode'; node: WorkflowNode }
  | { op: 'moveNodes'; moves: NodeMove[] }
  | { op: 'removeNode'; id: string }
  | { op: 'addEdge'; edge: WorkflowEdge; at?: number }
  | { op: 'removeEdge'; id: string }
  | { op: 'setGroup'; group: WorkflowGroup; at?: number }
  | { op: 'removeGroup'; id: string }
  | { op: 'setNote'; note: WorkflowNote; at?: number }
  | { op: 'removeNote'; id: string }
  | ({ op: 'setWorkflow' } & WorkflowHead);

export interface Port {
  name: string;
  label: string;
  /** What flows through it; `any`, which is the default, fits all. */
  accepts?: string;
}

export type Role = 'trigger' | 'action' | 'control' | 'loop';

/** What the server tells of a kind of node. */
export interface NodeType {
  kind: string;
  /** The kind of the nodes that it makes, where that is another: a preset of settings is offered like a kind of its own. */
  makes?: string;
  title: string;
  group: string;
  /** SVG path data in a square of 24. */
  icon: string;
  description: string;
  role: Role;
  ports: { in: Port[]; out: Port[] };
  dynamicPorts?: { setting: string; nameFrom: string; extra?: string[] };
  defaults?: { settings?: JsonObject };
  keywords?: string[];
  subtitle?: string;
}

export interface Problem {
  code?: string;
  node?: string;
  field?: string;
  severity: 'error' | 'warning';
  message: string;
}

/** As it travels: an error's severity is the default and left out. */
export type WireProblem = Omit<Problem, 'severity'> & { severity?: Problem['severity'] };

export type RunState = 'waiting' | 'running' | 'person' | 'done' | 'failed' | 'cancelled' | 'skipped';

export interface NodeStatus {
  state: RunState;
  count?: number;
  text?: string;
  durationMs?: number;
}

export interface EdgeStatus {
  active: boolean;
  count?: number;
}

export interface StatusPatch {
  run?: string;
  seq?: number;
  n?: [id: string, state: RunState, count?: number | null, text?: string | null, durationMs?: number | null][];
  e?: [id: string, active: boolean | number, count?: number | null][];
}

export type Change = 'added' | 'changed' | 'removed';

/** A comparison drawn on the canvas: ids of nodes, edges, groups and notes. */
export interface Preview {
  added: string[];
  changed: string[];
  removed: string[];
  definition: WireDefinition;
  /** Where removed ones are taken from; without it, from what was shown before. */
  before?: WireDefinition;
}

export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface LoadMessage {
  rev: number;
  definition: WireDefinition;
  types?: NodeType[];
  problems?: WireProblem[];
}

export interface ApplyMessage {
  rev: number;
  ops: Operation[];
  label?: string;
  undoable?: boolean;
  /** The gesture that these operations came from, when the server tells everyone of it. */
  txId?: string;
}

export interface CommitRequest {
  baseRev: number;
  txId: string;
  label: string;
  ops: Operation[];
}

export type CommitAnswer = { rev: number; rejected?: false } | { rejected: true; reason: string; rev: number; ops?: Operation[] };

export const nodeById = (definition: Definition, id: string): WorkflowNode | undefined => definition.nodes.find((node) => node.id === id);
