import type { ConnectionLineComponentProps, EdgeProps } from '@xyflow/react';
import { memo, useState } from 'react';
import { openPicker } from '../editor/actions';
import { useStore } from '../editor/store';
import type { WireEdge } from '../editor/viewModel';
import { curve, portRadius } from '../model/geometry';
import { fill } from '../model/labels';
import { useEdgeStatus, useEditor } from './context';

const hit = 16;

/** One connection. It ends at the rims of the drawn ports, which are smaller than what can be grabbed. */
export const Wire = memo((props: EdgeProps<WireEdge>) => {
  const editor = useEditor();
  const status = useEdgeStatus(props.id);
  const spliced = useStore(editor.spliceEdge) === props.id;
  const [near, setNear] = useState(false);
  const data = props.data!;
  const sx = props.sourceX - hit + portRadius;
  const tx = props.targetX + hit - portRadius;
  const { path, middle } = curve(sx, props.sourceY, tx - 7, props.targetY);
  const classes = [
    'wire', props.selected && 'selected', spliced && 'spliced', data.broken && 'broken', status?.active && 'active', status && !status.active && (status.count ?? 0) > 0 && 'passed',
    data.change && `change-${data.change}`, props.sourceHandleId === 'error' && 'on-error',
  ].filter(Boolean).join(' ');
  return (
    <g className={classes} onPointerEnter={() => setNear(true)} onPointerLeave={() => setNear(false)}>
      <path className="wire-line" d={path} />
      <path className="wire-head" d={`M${tx} ${props.targetY}l-9 -5.5v11z`} />
      <path className="react-flow__edge-interaction" d={path} fill="none" strokeOpacity={0} strokeWidth={24} />
      {data.first && status?.count !== undefined && <Count x={sx} y={props.sourceY} count={status.count} />}
      {data.editable && (near || props.selected) && <Plus id={props.id} source={props.source} target={props.target} x={middle.x} y={middle.y} />}
    </g>
  );
}, (a, b) => a.id === b.id && a.data === b.data && a.selected === b.selected && a.sourceX === b.sourceX && a.sourceY === b.sourceY && a.targetX === b.targetX && a.targetY === b.targetY);

/** How many values have passed; beside the port, where no node can lie. */
function Count({ x, y, count }: { x: number; y: number; count: number }) {
  const text = count.toLocaleString();
  const width = 14 + text.length * 7;
  return (
    <g className="wire-count" transform={`translate(${x + 10} ${y - 10})`}>
      <rect width={width} height={20} rx={10} />
      <text x={width / 2} y={14} textAnchor="middle">{text}</text>
    </g>
  );
}

function Plus({ id, source, target, x, y }: { id: string; source: string; target: string; x: number; y: number }) {
  const editor = useEditor();
  const label = fill(editor.labels.insertHere, editor.graph.nodes.get(source)?.name ?? '', editor.graph.nodes.get(target)?.name ?? '');
  const open = (event: { stopPropagation(): void }) => {
    event.stopPropagation();
    const at = editor.camera?.toScreen(x, y);
    openPicker(editor, { edge: id }, at && { x: at.x + 24, y: at.y - 40 });
  };
  return (
    <g className="wire-plus" role="button" aria-label={label} transform={`translate(${x} ${y})`} onClick={open}>
      <title>{label}</title>
      <circle r={16} className="wire-plus-hit" />
      <circle r={12} />
      <path d="M-5 0H5M0 -5V5" />
    </g>
  );
}

/** The line that follows the pointer while a connection is being drawn. */
export function LooseWire({ fromX, fromY, toX, toY, fromHandle, connectionStatus }: ConnectionLineComponentProps) {
  const back = fromHandle.type === 'target';
  const { path } = back ? curve(toX, toY, fromX + hit - portRadius, fromY) : curve(fromX - hit + portRadius, fromY, toX, toY);
  return <path className={`wire-line loose ${connectionStatus ?? ''}`} d={path} />;
}
