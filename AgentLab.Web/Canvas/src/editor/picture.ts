import type { Ink } from '../model/export';
import { toSvg } from '../model/export';
import type { Color } from '../model/types';
import { colors } from '../model/types';
import type { Editor } from './editor';

const roles = ['trigger', 'action', 'control', 'loop', 'unknown'] as const;

/** The theme's colours as they are on the page now. */
function inkOf(root: HTMLElement): Ink {
  const style = getComputedStyle(root);
  const of = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const pair = (name: string) => ({ soft: of(`--${name}-soft`, '#eee'), strong: of(`--${name}`, '#555') });
  return {
    canvas: of('--canvas', '#f3f3f5'), surface: of('--surface', '#fff'), line: of('--control-line', '#888'), edge: of('--wire', '#777'), ink: of('--ink', '#222'),
    faint: of('--ink-2', '#555'), font: of('--font', 'sans-serif'),
    roles: Object.fromEntries(roles.map((role) => [role, pair(`node-${role}`)])) as Ink['roles'],
    tints: Object.fromEntries(colors.map((color) => [color, pair(`tint-${color}`)])) as Record<Color, { soft: string; strong: string }>,
  };
}

/** Draws the workflow from the model: with `"text"` the SVG is given back, otherwise a file is offered for saving. */
export async function exportPicture(editor: Editor, format: 'svg' | 'png', argument: unknown): Promise<string | undefined> {
  if (!editor.root) return undefined;
  const svg = toSvg(editor.graph, inkOf(editor.root));
  if (argument === 'text' && format === 'svg') return svg;
  const file = new Blob([svg], { type: 'image/svg+xml' });
  save(format === 'svg' ? file : await rasterise(file), `${editor.graph.definition.name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '') || 'workflow'}.${format}`);
  return undefined;
}

const mostPixels = 8192;

async function rasterise(svg: Blob): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(2, mostPixels / image.naturalWidth, mostPixels / image.naturalHeight);
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))), 'image/png'));
  } finally {
    URL.revokeObjectURL(url);
  }
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
