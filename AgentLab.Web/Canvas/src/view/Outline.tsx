import { memo, useLayoutEffect, useMemo, useRef } from 'react';
import { selectOne } from '../editor/actions';
import type { Editor } from '../editor/editor';
import { useStore } from '../editor/store';
import { outgoing } from '../model/graph';
import { fill } from '../model/labels';
import { flowOrder } from '../model/navigation';
import type { NodeStatus, NodeType, WorkflowNode } from '../model/types';
import { useEditor, useNodeStatus } from './context';
import { Icon } from './Icon';
import { icons, stateIcons } from './icons';

/** The nodes as a list in the order in which they run: all keys of the canvas work here too. */
export function Outline() {
  const editor = useEditor();
  const graph = useStore(editor.graphStore);
  const { active, nodes } = useStore(editor.selection);
  const order = useMemo(() => flowOrder(graph), [graph]);
  const tree = useRef<HTMLUListElement>(null);
  const inside = useRef(false);
  const stop = active !== undefined && graph.nodes.has(active) ? active : order[0]?.id;

  useLayoutEffect(() => {
    const item = stop === undefined ? null : tree.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(stop)}"]`);
    item?.scrollIntoView({ block: 'nearest' });
    // A row that had the focus may be gone with its node: the list keeps it.
    if (tree.current?.contains(document.activeElement) || (inside.current && document.activeElement === document.body)) item?.focus({ preventScroll: true });
  }, [stop, order]);

  const go = (index: number) => {
    const item = order[Math.max(0, Math.min(order.length - 1, index))];
    if (item) selectOne(editor, item.id);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const here = order.findIndex((item) => item.id === stop);
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'ArrowDown') go(here + 1);
    else if (event.key === 'ArrowUp') go(here - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(order.length - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <nav className="outline" aria-label={editor.labels.outline}>
      <h2>{editor.labels.outline}</h2>
      {order.length === 0 ? <p className="faint">{editor.labels.outlineEmpty}</p> : (
        <ul role="tree" aria-label={editor.labels.outline} aria-multiselectable="true" ref={tree} onKeyDown={onKeyDown}
          onFocus={() => { inside.current = true; }} onBlur={(event) => { inside.current = event.relatedTarget === null || event.currentTarget.contains(event.relatedTarget); }}>
          {order.map(({ id, level }) => {
            const node = graph.nodes.get(id);
            return node && <OutlineRow key={id} node={node} type={graph.types.get(node.kind)} next={outgoing(graph, id).map((edge) => graph.nodes.get(edge.to)?.name).join(', ')} level={level} selected={nodes.has(id)} stop={id === stop} />;
          })}
        </ul>
      )}
    </nav>
  );
}

/** What a row shows by its picture and its colours, in words. */
const marksOf = (editor: Editor, node: WorkflowNode, type: NodeType | undefined, status: NodeStatus | undefined): string => {
  const { labels } = editor;
  const marks = [type && type.title !== node.name ? type.title : undefined, type ? undefined : fill(labels.unknownKind, node.kind), node.disabled ? labels.off : undefined, status && labels[status.state]];
  return marks.filter((mark) => mark !== undefined).map((mark) => `, ${mark}`).join('') + ', ';
};

interface Row {
  node: WorkflowNode;
  type: NodeType | undefined;
  next: string;
  level: number;
  selected: boolean;
  stop: boolean;
}

const OutlineRow = memo(({ node, type, next, level, selected, stop }: Row) => {
  const editor = useEditor();
  const { id } = node;
  const status = useNodeStatus(id);
  return (
    <li role="treeitem" aria-level={level} aria-selected={selected} tabIndex={stop ? 0 : -1} data-item={id} className={`outline-row role-${type?.role ?? 'unknown'}`}
      style={{ paddingInlineStart: 8 + Math.min(level - 1, 6) * 14 }} onClick={() => selectOne(editor, id)} onDoubleClick={() => editor.server.activated(id)}>
      <span className="step-icon tiny"><Icon path={type?.icon ?? icons.unknown} size={14} /></span>
      <span className="outline-text"><b>{node.name}</b><span className="sr-only">{marksOf(editor, node, type, status)}</span>{next && <span>{fill(editor.labels.leadsTo, next)}</span>}</span>
      {status && <span className={`outline-state is-${status.state}`} title={editor.labels[status.state]}><Icon path={stateIcons[status.state]} size={14} width={2.4} /></span>}
    </li>
  );
});
