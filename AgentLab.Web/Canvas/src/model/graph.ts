import { boxesOf } from './geometry';
import type { NodePorts, Types } from './ports';
import { edgesByNode, portsOf } from './ports';
import type { Box, Definition, WorkflowEdge, WorkflowNode } from './types';

/** A definition with what is asked of it again and again: lookups, ports, boxes. Made once for each definition. */
export interface Graph {
  definition: Definition;
  types: Types;
  nodes: ReadonlyMap<string, WorkflowNode>;
  edges: ReadonlyMap<string, WorkflowEdge>;
  edgesOf: ReadonlyMap<string, WorkflowEdge[]>;
  ports: ReadonlyMap<string, NodePorts>;
  boxes: ReadonlyMap<string, Box>;
}

const none: WorkflowEdge[] = [];

export function graphOf(definition: Definition, types: Types): Graph {
  const edgesOf = edgesByNode(definition);
  const ports = new Map(definition.nodes.map((node) => [node.id, portsOf(node, types.get(node.kind), edgesOf.get(node.id) ?? none)]));
  return {
    definition, types, edgesOf, ports,
    nodes: new Map(definition.nodes.map((node) => [node.id, node])),
    edges: new Map(definition.edges.filter((edge) => edgesOf.has(edge.from) && edgesOf.has(edge.to)).map((edge) => [edge.id, edge])),
    boxes: boxesOf(definition, ports),
  };
}

export const outgoing = (graph: Graph, id: string): WorkflowEdge[] => (graph.edgesOf.get(id) ?? none).filter((edge) => edge.from === id);
export const incoming = (graph: Graph, id: string): WorkflowEdge[] => (graph.edgesOf.get(id) ?? none).filter((edge) => edge.to === id);

/** Every node that can be reached from the given ones, themselves included. */
export function reach(graph: Graph, from: Iterable<string>, direction: 'down' | 'up'): Set<string> {
  const seen = new Set(from);
  const waiting = [...seen];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const edge of graph.edgesOf.get(id) ?? none) {
      const next = direction === 'down' ? (edge.from === id ? edge.to : undefined) : edge.to === id ? edge.from : undefined;
      if (next !== undefined && !seen.has(next)) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  return seen;
}

/** The output ports of a node that nothing is connected to yet, the error port left out. */
export const openOutputs = (graph: Graph, id: string): string[] => {
  const used = new Set(outgoing(graph, id).map((edge) => edge.fromPort));
  return (graph.ports.get(id)?.out ?? []).filter((port) => !used.has(port.name) && port.name !== 'error').map((port) => port.name);
};

export type Refusal = 'self' | 'no-port' | 'there-already' | 'cycle' | 'type';

/** Why two ports cannot be connected; undefined when they can. The server looks again at the commit. */
export function refusal(graph: Graph, from: string, fromPort: string, to: string, toPort: string, except?: string): Refusal | undefined {
  if (from === to) return 'self';
  const source = graph.ports.get(from)?.out.find((port) => port.name === fromPort);
  const target = graph.ports.get(to)?.in.find((port) => port.name === toPort);
  if (!source || !target || source.missing || target.missing) return 'no-port';
  if (!fits(source.accepts, target.accepts)) return 'type';
  const edges = graph.edgesOf.get(from) ?? none;
  if (edges.some((edge) => edge.id !== except && edge.from === from && edge.fromPort === fromPort && edge.to === to && edge.toPort === toPort)) return 'there-already';
  return reaches(graph, to, from, except) ? 'cycle' : undefined;
}

const fits = (given = 'any', taken = 'any'): boolean => given === 'any' || taken === 'any' || given === taken;

function reaches(graph: Graph, start: string, goal: string, except: string | undefined): boolean {
  const seen = new Set([start]);
  const waiting = [start];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === goal) return true;
    for (const edge of graph.edgesOf.get(id) ?? none) {
      if (edge.from === id && edge.id !== except && !seen.has(edge.to)) {
        seen.add(edge.to);
        waiting.push(edge.to);
      }
    }
  }
  return false;
}
