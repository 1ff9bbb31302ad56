import { boxOf, curve, hasRows, headHeight, nodeWidth, portAt, portRadius, union } from './geometry';
import type { Graph } from './graph';
import { subtitleOf } from './ports';
import type { Color, WorkflowEdge, WorkflowNode } from './types';

/** The colours of a picture, taken from the page's theme. */
export interface Ink {
  canvas: string;
  surface: string;
  line: string;
  edge: string;
  ink: string;
  faint: string;
  roles: Record<'trigger' | 'action' | 'control' | 'loop' | 'unknown', { soft: string; strong: string }>;
  tints: Record<Color, { soft: string; strong: string }>;
  font: string;
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`).replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

const unknownIcon = 'M9 9a3 3 0 1 1 4.5 2.6c-.9.5-1.5 1.2-1.5 2.4M12 17.5v.01';

/** As much of a text as fits a width, by the average width of its letters. */
function cut(text: string, width: number, size: number): string {
  const most = Math.floor(width / (size * 0.54));
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1)).trimEnd()}…`;
}

/** The workflow as an SVG document of its own: no scripts, no references, every text escaped. */
export function toSvg(graph: Graph, ink: Ink): string {
  const { definition } = graph;
  const all = union([...graph.boxes.values(), ...definition.groups, ...definition.notes]) ?? { x: 0, y: 0, width: 320, height: 160 };
  const pad = 48;
  const parts = [
    ...definition.groups.map((group) => `<g><rect x="${group.x}" y="${group.y}" width="${group.width}" height="${group.height}" rx="12" fill="${ink.tints[group.color].soft}" fill-opacity=".45" stroke="${ink.tints[group.color].strong}"/><text x="${group.x + 16}" y="${group.y + 28}" font-size="14" font-weight="600" fill="${ink.tints[group.color].strong}">${escape(cut(group.name, group.width - 32, 14))}</text></g>`),
    ...definition.notes.map((note) => noteSvg(note, ink)),
    ...[...graph.edges.values()].map((edge) => edgeSvg(graph, edge, ink)),
    ...definition.nodes.map((node) => nodeSvg(graph, node, ink)),
  ];
  const width = Math.ceil(all.width + 2 * pad);
  const height = Math.ceil(all.height + 2 * pad);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${all.x - pad} ${all.y - pad} ${width} ${height}" font-family="${escape(ink.font)}" role="img"><title>${escape(definition.name || 'Workflow')}</title><rect x="${all.x - pad}" y="${all.y - pad}" width="${width}" height="${height}" fill="${ink.canvas}"/>${parts.join('')}</svg>`;
}

function edgeSvg(graph: Graph, edge: WorkflowEdge, ink: Ink): string {
  const from = graph.boxes.get(edge.from)!;
  const to = graph.boxes.get(edge.to)!;
  const start = portAt(graph.ports.get(edge.from)!, 'out', edge.fromPort);
  const end = portAt(graph.ports.get(edge.to)!, 'in', edge.toPort);
  const tx = to.x + end.x - portRadius;
  const ty = to.y + end.y;
  const { path } = curve(from.x + start.x + portRadius, from.y + start.y, tx - 7, ty);
  return `<path d="${path}" fill="none" stroke="${ink.edge}" stroke-width="2"/><path d="M${tx} ${ty}l-9 -5.5v11z" fill="${ink.edge}"/>`;
}

function noteSvg(note: { x: number; y: number; width: number; height: number; text: string; color: Color }, ink: Ink): string {
  const tint = ink.tints[note.color];
  const lines = plain(note.text).split('\n').flatMap((line) => wrap(line, note.width - 32, 13)).slice(0, Math.max(1, Math.floor((note.height - 24) / 19)));
  const text = lines.map((line, index) => `<tspan x="${note.x + 16}" y="${note.y + 30 + index * 19}">${escape(line)}</tspan>`).join('');
  return `<g><rect x="${note.x}" y="${note.y}" width="${note.width}" height="${note.height}" rx="8" fill="${tint.soft}" stroke="${tint.strong}"/><text font-size="13" fill="${ink.ink}">${text}</text></g>`;
}

/** The text of a note without the marks of its Markdown. */
const plain = (text: string): string => text.replaceAll(/^#{1,3}\s+/gm, '').replaceAll(/^\s*[-*]\s+/gm, '• ').replaceAll(/\*\*|`/g, '');

function wrap(text: string, width: number, size: number): string[] {
  const most = Math.max(4, Math.floor(width / (size * 0.54)));
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function nodeSvg(graph: Graph, node: WorkflowNode, ink: Ink): string {
  const ports = graph.ports.get(node.id)!;
  const type = graph.types.get(node.kind);
  const box = boxOf(node, ports);
  const role = ink.roles[type?.role ?? 'unknown'];
  const subtitle = subtitleOf(node, type) || (type ? '' : node.kind);
  const dots = (['in', 'out'] as const).flatMap((side) => ports[side].map((port) => {
    const at = portAt(ports, side, port.name);
    const label = hasRows(ports, side) ? `<text x="${side === 'in' ? 18 : nodeWidth - 18}" y="${at.y + 4}" font-size="12" text-anchor="${side === 'in' ? 'start' : 'end'}" fill="${ink.faint}">${escape(port.label || port.name)}</text>` : '';
    return `<circle cx="${at.x}" cy="${at.y}" r="${portRadius}" fill="${ink.surface}" stroke="${ink.edge}" stroke-width="2"/>${label}`;
  }));
  const radius = type?.role === 'trigger' ? 40 : 12;
  const right = box.width - 12;
  const shape = `M${radius} 0H${right}a12 12 0 0 1 12 12V${box.height - 12}a12 12 0 0 1 -12 12H${radius}a${radius} ${radius} 0 0 1 ${-radius} ${-radius}V${radius}a${radius} ${radius} 0 0 1 ${radius} ${-radius}z`;
  const texts = `<text x="72" y="${subtitle ? 36 : 45}" font-size="15" font-weight="600" fill="${ink.ink}">${escape(cut(node.name, nodeWidth - 92, 16.5))}</text>${subtitle ? `<text x="72" y="${56}" font-size="12.5" fill="${ink.faint}">${escape(cut(subtitle, nodeWidth - 88, 12.5))}</text>` : ''}`;
  const drawn = type?.icon ?? unknownIcon;
  const icon = /^[MmLlHhVvCcSsQqTtAaZz0-9\s.,+\-eE]*$/.test(drawn) ? `<path transform="translate(28 ${headHeight / 2 - 12})" d="${drawn}" fill="none" stroke="${role.strong}" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/>` : '';
  return `<g transform="translate(${box.x} ${box.y})"><path d="${shape}" fill="${ink.surface}" stroke="${ink.line}" stroke-width="1.5"${node.disabled ? ' stroke-dasharray="6 4"' : ''}/><rect x="18" y="${headHeight / 2 - 22}" width="44" height="44" rx="${type?.role === 'trigger' ? 22 : 10}" fill="${role.soft}"/>${icon}${texts}${dots.join('')}</g>`;
}
