import { Handle, Position } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { memo, useLayoutEffect, useRef } from 'react';
import { endEdit, openPicker } from '../editor/actions';
import { useStore } from '../editor/store';
import type { StepData, StepNode } from '../editor/viewModel';
import { hasRows, portAt } from '../model/geometry';
import { duration, fill } from '../model/labels';
import { subtitleOf } from '../model/ports';
import type { NodeStatus } from '../model/types';
import { useEditor, useFar, useNodeStatus } from './context';
import { Icon } from './Icon';
import { changeIcons, icons, stateIcons } from './icons';
import { NameField } from './NameField';
import { StepTools } from './StepTools';

/** One node of the workflow. */
export const StepCard = memo(({ id, data, selected, dragging }: NodeProps<StepNode>) => {
  return useFar() ? <FarCard id={id} data={data} selected={selected} /> : <NearCard id={id} data={data} selected={selected} dragging={dragging} />;
}, (a, b) => a.id === b.id && a.data === b.data && a.selected === b.selected && a.dragging === b.dragging);

function classesOf(data: StepData, selected: boolean, status: NodeStatus | undefined): string {
  const bad = data.problems.some((problem) => problem.severity === 'error');
  return [
    'step', `role-${data.type?.role ?? 'unknown'}`, selected && 'selected', data.node.disabled && 'off', status && `is-${status.state}`, data.change && `change-${data.change}`,
    data.problems.length > 0 && !status && (bad ? 'bad' : 'doubtful'),
  ].filter(Boolean).join(' ');
}

/**
 * At a distance: a shape in the color of its state; `FarSigns` draws what stands on it. The state is put on by hand: with a thousand nodes in view React would
 * walk past all of them for the few that a patch names.
 */
const FarCard = ({ id, data, selected }: { id: string; data: StepData; selected: boolean }) => {
  const { status } = useEditor();
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const paint = () => { card.current!.className = `${classesOf(data, selected, status.node(id))} far`; };
    paint();
    return status.onNode(id, paint);
  }, [id, data, selected, status]);
  return <div ref={card} />;
};

interface Near {
  id: string;
  data: StepData;
  selected: boolean;
  dragging: boolean;
}

const NearCard = ({ id, data, selected, dragging }: Near) => {
  const { labels } = useEditor();
  const status = useNodeStatus(id);
  const { node, type, ports, change } = data;
  return (
    <div className={classesOf(data, selected, status)}>
      {change && <span className="step-change"><Icon path={changeIcons[change]} size={14} width={2.4} />{labels[change]}</span>}
      <div className="step-head">
        <span className="step-icon"><Icon path={type?.icon ?? icons.unknown} size={24} width={1.7} /></span>
        <div className="step-text">
          <div className="step-title"><Title id={id} name={node.name} /><Badges data={data} /></div>
          <SecondLine data={data} />
          <ThirdLine data={data} status={status} />
        </div>
      </div>
      {ports.in.map((port) => (
        <Handle key={`in-${port.name}`} type="target" id={port.name} position={Position.Left} className={port.missing ? 'missing' : ''} style={{ top: portAt(ports, 'in', port.name).y }} isConnectable={data.editable && !port.missing}>
          {hasRows(ports, 'in') && <span className="port-label left">{port.label || port.name}</span>}
        </Handle>
      ))}
      {ports.out.map((port) => (
        <Handle key={`out-${port.name}`} type="source" id={port.name} position={Position.Right} className={`${port.missing ? 'missing' : ''} ${port.name === 'error' ? 'error-port' : ''}`} style={{ top: portAt(ports, 'out', port.name).y }} isConnectable={data.editable && !port.missing}>
          {hasRows(ports, 'out') && <span className="port-label right">{port.label || port.name}</span>}
        </Handle>
      ))}
      {data.editable && !dragging && data.open.map((port) => <OpenEnd key={port} data={data} port={port} />)}
      {selected && !dragging && <StepTools data={data} />}
    </div>
  );
};

function Title({ id, name }: { id: string; name: string }) {
  const editor = useEditor();
  const { editing } = useStore(editor.ui);
  return editing === id
    ? <NameField value={name} onEnd={(text) => endEdit(editor, id, text)} />
    : <div className="step-name" title={name}>{name}</div>;
}

function SecondLine({ data }: { data: StepData }) {
  const { labels } = useEditor();
  const text = data.type ? subtitleOf(data.node, data.type) : fill(labels.unknownKind, data.node.kind);
  return text ? <div className="step-sub" title={text}>{text}</div> : null;
}

/** What the run says of the node; while nothing runs, what is wrong with it. */
function ThirdLine({ data, status }: { data: StepData; status: NodeStatus | undefined }) {
  const { labels } = useEditor();
  if (status) {
    const took = status.durationMs === undefined ? undefined : duration(status.durationMs);
    const given = (parts: (string | undefined)[]) => parts.filter((part) => part !== undefined && part !== '');
    const details = given([took, (status.count ?? 1) < 2 ? undefined : `×${status.count!.toLocaleString()}`, status.text]);
    const text = given([labels[status.state], took, status.count === undefined ? undefined : status.count === 1 ? labels.item : fill(labels.items, status.count.toLocaleString()), status.text]).join(' · ');
    return <div className={`step-status is-${status.state}`} title={text}><Icon path={stateIcons[status.state]} size={14} width={2.6} className="state-icon" /><b>{labels[status.state]}</b>{details.map((part) => <span key={part}>{part}</span>)}</div>;
  }
  const problem = data.problems.find((candidate) => candidate.severity === 'error') ?? data.problems[0];
  if (!problem) return null;
  return <div className={`step-status ${problem.severity === 'error' ? 'is-bad' : 'is-doubtful'}`} title={data.problems.map((candidate) => candidate.message).join('\n')}><Icon path={problem.severity === 'error' ? icons.error : icons.warning} size={14} width={2.2} /><span>{problem.message}</span></div>;
}

function Badges({ data }: { data: StepData }) {
  const { labels } = useEditor();
  const { node } = data;
  if (!node.disabled && node.pinned === undefined && !node.comment) return null;
  return (
    <div className="step-badges">
      {node.disabled && <span className="badge" title={labels.off}><Icon path={icons.power} size={14} width={2} />{labels.off}</span>}
      {node.pinned !== undefined && <span className="badge" title={labels.pinned} role="img" aria-label={labels.pinned}><Icon path={icons.pin} size={14} width={2} /></span>}
      {node.comment && <span className="badge" title={node.comment} role="img" aria-label={node.comment}><Icon path={icons.comment} size={14} width={2} /></span>}
    </div>
  );
}

/** The plus on an output that nothing follows yet. */
function OpenEnd({ data, port }: { data: StepData; port: string }) {
  const editor = useEditor();
  const ports = data.ports;
  const label = ports.out.length > 1 ? fill(editor.labels.addAfterPort, data.node.name, ports.out.find((candidate) => candidate.name === port)?.label || port) : fill(editor.labels.addAfter, data.node.name);
  if (port === 'error') return null;
  return (
    <span className="open-end nodrag nopan" style={{ top: portAt(ports, 'out', port).y }}>
      <button type="button" className="open-plus" tabIndex={-1} aria-label={label} title={label} onClick={(event) => {
        event.stopPropagation();
        openPicker(editor, { after: { node: data.node.id, port } });
      }}><Icon path={icons.plus} size={14} width={2.2} /></button>
    </span>
  );
}
