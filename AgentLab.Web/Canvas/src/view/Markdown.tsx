import type { ReactNode } from 'react';

/** The little Markdown that a sticky note needs: headings, lists, bold, italic, code. It makes elements, never HTML. */
export function Markdown({ text }: { text: string }) {
  return text.split(/\n{2,}/).map((block, index) => <Block key={index} lines={block.split('\n')} />);
}

function Block({ lines }: { lines: string[] }) {
  const heading = /^(#{1,3})\s+(.*)/.exec(lines[0] ?? '');
  if (heading) {
    return <><p className={`note-h${heading[1]!.length}`}>{inline(heading[2]!)}</p>{lines.length > 1 && <Block lines={lines.slice(1)} />}</>;
  }
  if (lines.every((line) => /^\s*[-*]\s+/.test(line))) return <ul>{lines.map((line, index) => <li key={index}>{inline(line.replace(/^\s*[-*]\s+/, ''))}</li>)}</ul>;
  if (lines.every((line) => /^\s*\d+\.\s+/.test(line))) return <ol>{lines.map((line, index) => <li key={index}>{inline(line.replace(/^\s*\d+\.\s+/, ''))}</li>)}</ol>;
  return <p>{lines.flatMap((line, index) => (index === 0 ? inline(line) : [<br key={`b${index}`} />, ...inline(line)]))}</p>;
}

const inline = (text: string): ReactNode[] => text.split(/(\*\*[^*]+\*\*|`[^`]+`|\*[^*\s][^*]*\*)/).map((part, index) => {
  if (part.startsWith('**') && part.length > 4) return <strong key={index}>{part.slice(2, -2)}</strong>;
  if (part.startsWith('`') && part.length > 2) return <code key={index}>{part.slice(1, -1)}</code>;
  if (part.startsWith('*') && part.length > 2) return <em key={index}>{part.slice(1, -1)}</em>;
  return part;
});
