import { at } from './json';
import type { Definition, NodeType, Port, WorkflowEdge, WorkflowNode } from './types';

export interface NodePort extends Port {
  /** An edge names it but the node does not have it (any more). */
  missing?: boolean;
}

export interface NodePorts {
  in: NodePort[];
  out: NodePort[];
}

export type Types = ReadonlyMap<string, NodeType>;

export const errorPort = 'error';

function dynamicPorts(type: NodeType, node: WorkflowNode): Port[] {
  const rule = type.dynamicPorts;
  if (!rule) return [];
  const items = at(node.settings, rule.setting);
  const names = (Array.isArray(items) ? items : []).map((item) => at(item, rule.nameFrom)).filter((name): name is string => typeof name === 'string' && name !== '');
  return [...names, ...(rule.extra ?? [])].map((name) => ({ name, label: type.ports.out.find((port) => port.name === name)?.label ?? name }));
}

const unique = (ports: Port[]): Port[] => ports.filter((port, index) => ports.findIndex((other) => other.name === port.name) === index);

/** The ports that a node has by its kind, its settings and its error port. A kind that is unknown has one of each. */
export function declaredPorts(node: WorkflowNode, type: NodeType | undefined): NodePorts {
  if (!type) return { in: [{ name: 'in', label: '' }], out: [{ name: 'out', label: '' }] };
  const out = unique([...dynamicPorts(type, node), ...type.ports.out]);
  if (node.onError === 'port') out.push({ name: errorPort, label: 'error' });
  return { in: unique(type.ports.in), out: unique(out) };
}

/** The declared ports and, marked as missing, those that edges still name: such an edge is drawn as broken instead of vanishing. */
export function portsOf(node: WorkflowNode, type: NodeType | undefined, edges: Iterable<WorkflowEdge>): NodePorts {
  const ports = declaredPorts(node, type);
  const known = { in: new Set(ports.in.map((port) => port.name)), out: new Set(ports.out.map((port) => port.name)) };
  for (const edge of edges) {
    if (edge.to === node.id && !known.in.has(edge.toPort)) {
      known.in.add(edge.toPort);
      ports.in.push({ name: edge.toPort, label: edge.toPort, missing: true });
    }
    if (edge.from === node.id && !known.out.has(edge.fromPort)) {
      known.out.add(edge.fromPort);
      ports.out.push({ name: edge.fromPort, label: edge.fromPort, missing: true });
    }
  }
  return ports;
}

/** The edges of each node, both directions; those that lead to a node that is not there are left out. */
export function edgesByNode(definition: Definition): Map<string, WorkflowEdge[]> {
  const result = new Map<string, WorkflowEdge[]>();
  const put = (id: string, edge: WorkflowEdge) => {
    const list = result.get(id);
    if (list) list.push(edge);
    else result.set(id, [edge]);
  };
  const there = new Set(definition.nodes.map((node) => node.id));
  for (const edge of definition.edges) {
    if (!there.has(edge.from) || !there.has(edge.to)) continue;
    put(edge.from, edge);
    if (edge.to !== edge.from) put(edge.to, edge);
  }
  return result;
}

/** The second line of a node: the kind's template over the node's settings, `{method} {url}`. */
export function subtitleOf(node: WorkflowNode, type: NodeType | undefined): string {
  if (!type) return '';
  if (!type.subtitle) return type.title === node.name ? '' : type.title;
  const text = type.subtitle.replaceAll(/\{([^{}]+)\}/g, (_, path: string) => {
    const value = at(node.settings, path.trim());
    if (value === undefined || value === null) return '';
    return typeof value === 'object' ? (Array.isArray(value) ? String(value.length) : '') : String(value);
  }).replaceAll(/\s+/g, ' ').trim();
  return text || (type.title === node.name ? '' : type.title);
}
