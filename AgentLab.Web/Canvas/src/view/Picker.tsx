import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { addNode, closePicker, focusCanvas, pickerWidth } from '../editor/actions';
import type { Editor } from '../editor/editor';
import { useStore } from '../editor/store';
import type { PickerState } from '../editor/ui';
import { columnGap, nodeWidth } from '../model/geometry';
import { outgoing, refusal } from '../model/graph';
import { fill } from '../model/labels';
import { findTypes, score } from '../model/search';
import { useEditor } from './context';
import { Icon } from './Icon';
import { icons } from './icons';

interface Choice {
  key: string;
  icon: string;
  title: string;
  detail: string;
  group: string;
  role: string;
  choose(): void;
}

/** The list that adds a node, and by keys chooses what to connect. */
export function Picker() {
  const editor = useEditor();
  const { picker } = useStore(editor.ui);
  return picker ? <PickerPanel key={picker.mode} picker={picker} /> : null;
}

function PickerPanel({ picker }: { picker: PickerState }) {
  const editor = useEditor();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const choices = useMemo(() => choicesOf(editor, picker, query), [editor, picker, query]);
  const panel = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const name = useId();
  const [place, setPlace] = useState<{ left: number; top: number; height: number }>();

  useLayoutEffect(() => {
    const area = panel.current?.parentElement;
    if (!area) return;
    const height = Math.min(440, area.clientHeight - 32);
    setPlace({
      left: Math.max(8, Math.min(picker.anchor.x, area.clientWidth - pickerWidth - 8)),
      top: Math.max(16, Math.min(picker.anchor.y, area.clientHeight - height - 16)), height,
    });
    field.current?.focus({ preventScroll: true });
  }, [picker]);
  useEffect(() => { list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }); }, [at, choices]);

  const title = titleOf(editor, picker);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const last = choices.length - 1;
    if (event.key === 'ArrowDown') setAt(at >= last ? 0 : at + 1);
    else if (event.key === 'ArrowUp') setAt(at <= 0 ? last : at - 1);
    else if (event.key === 'Home' && query === '') setAt(0);
    else if (event.key === 'End' && query === '') setAt(last);
    else if (event.key === 'Enter') choices[at]?.choose();
    else if (event.key === 'Escape' || event.key === 'Tab') closePicker(editor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const selected = choices[at];
  return (
    <div className="picker" ref={panel} role="dialog" aria-label={title} onKeyDown={onKeyDown} onBlur={(event) => {
      if (!event.currentTarget.contains(event.relatedTarget) && event.relatedTarget !== null) editor.ui.update({ picker: undefined });
    }} style={place ? { left: place.left, top: place.top, maxHeight: place.height, width: pickerWidth } : { opacity: 0, width: pickerWidth }}>
      <div className="picker-title" title={title}>{title}</div>
      <div className="picker-search">
        <Icon path={icons.search} />
        <input ref={field} type="text" role="combobox" aria-expanded="true" aria-controls={name} aria-activedescendant={selected && `${name}-${at}`} aria-autocomplete="list"
          autoComplete="off" spellCheck={false} value={query} placeholder={picker.mode === 'connect' ? editor.labels.searchTargets : editor.labels.searchNodes} aria-label={picker.mode === 'connect' ? editor.labels.searchTargets : editor.labels.searchNodes}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }} />
      </div>
      <ul className="picker-list" id={name} role="listbox" aria-label={title} ref={list}>
        {choices.map((choice, index) => (
          <li key={choice.key} id={`${name}-${index}`} role="option" aria-selected={index === at} className={`picker-item role-${choice.role}`}
            onPointerMove={() => setAt(index)} onPointerDown={(event) => event.preventDefault()} onClick={choice.choose}>
            {choice.group !== '' && choice.group !== choices[index - 1]?.group && query === '' && <div className="picker-group" aria-hidden="true">{choice.group}</div>}
            <div className="picker-choice">
              <span className="step-icon small"><Icon path={choice.icon} size={18} /></span>
              <span className="picker-text"><b>{choice.title}</b><span>{choice.detail}</span></span>
            </div>
          </li>
        ))}
      </ul>
      {choices.length === 0 && <p className="picker-none" role="status">{query === '' && picker.mode === 'connect' ? fill(editor.labels.nowhere, editor.graph.nodes.get(picker.from)?.name ?? '') : fill(editor.labels.nothingFound, query)}</p>}
    </div>
  );
}

const titleOf = (editor: Editor, picker: PickerState): string => {
  if (picker.mode === 'add') return picker.title;
  return fill(picker.mode === 'port' ? editor.labels.connectPort : editor.labels.connectFrom, editor.graph.nodes.get(picker.from)?.name ?? '');
};

function choicesOf(editor: Editor, picker: PickerState, query: string): Choice[] {
  if (picker.mode === 'add') return kinds(editor, picker, query);
  return picker.mode === 'port' ? outputs(editor, picker, query) : targets(editor, picker, query);
}

function kinds(editor: Editor, picker: Extract<PickerState, { mode: 'add' }>, query: string): Choice[] {
  const { target } = picker;
  const needsIn = target.after !== undefined && target.at !== undefined || target.edge !== undefined;
  const needsOut = target.before !== undefined || target.edge !== undefined;
  const found = findTypes(editor.typeList, query, picker.triggersFirst, (type) => (!needsIn || type.ports.in.length > 0) && (!needsOut || type.ports.out.length > 0 || type.dynamicPorts !== undefined));
  return found.map((type) => ({
    key: type.kind, icon: type.icon, title: type.title, detail: type.description, group: type.group, role: type.role,
    choose: () => void addNode(editor, type.kind, target),
  }));
}

function outputs(editor: Editor, picker: Extract<PickerState, { mode: 'port' }>, query: string): Choice[] {
  const ports = (editor.graph.ports.get(picker.from)?.out ?? []).filter((port) => !port.missing);
  return ports.filter((port) => score(query, port.label || port.name) > 0).map((port) => ({
    key: port.name, icon: icons.bolt, title: port.label || port.name, group: '', role: 'control',
    detail: outgoing(editor.graph, picker.from).filter((edge) => edge.fromPort === port.name).map((edge) => fill(editor.labels.leadsTo, editor.graph.nodes.get(edge.to)?.name ?? '')).join(', '),
    choose: () => editor.ui.update({ picker: { mode: 'connect', from: picker.from, port: port.name, anchor: picker.anchor } }),
  }));
}

/** Nodes that can be connected, nearest first; those that are connected already can be disconnected here. */
function targets(editor: Editor, picker: Extract<PickerState, { mode: 'connect' }>, query: string): Choice[] {
  const { graph, labels } = editor;
  const here = graph.boxes.get(picker.from)!;
  const done = (act: () => void) => () => {
    editor.ui.update({ picker: undefined });
    act();
    focusCanvas(editor);
  };
  const found = graph.definition.nodes.flatMap((node) => (graph.ports.get(node.id)?.in ?? []).map((port) => ({ node, port })));
  return found.flatMap(({ node, port }) => {
    const why = refusal(graph, picker.from, picker.port, node.id, port.name);
    const there = why === 'there-already' ? outgoing(graph, picker.from).find((edge) => edge.fromPort === picker.port && edge.to === node.id && edge.toPort === port.name) : undefined;
    if ((why !== undefined && !there) || score(query, node.name) === 0) return [];
    const several = (graph.ports.get(node.id)?.in.length ?? 0) > 1;
    const box = graph.boxes.get(node.id)!;
    return [{
      key: `${node.id} ${port.name}`, icon: graph.types.get(node.kind)?.icon ?? icons.unknown, title: several ? `${node.name} · ${port.label || port.name}` : node.name,
      detail: there ? labels.disconnect : (graph.types.get(node.kind)?.title ?? node.kind), group: '', role: graph.types.get(node.kind)?.role ?? 'unknown',
      distance: (there ? 1e6 : 0) + Math.hypot(box.x - here.x - nodeWidth - columnGap, box.y - here.y),
      choose: done(() => there
        ? editor.perform({ label: `Disconnect ${graph.nodes.get(picker.from)?.name} from ${node.name}`, ops: [{ op: 'removeEdge', id: there.id }] })
        : editor.connect(picker.from, picker.port, node.id, port.name)),
    }];
  }).sort((a, b) => a.distance - b.distance);
}
