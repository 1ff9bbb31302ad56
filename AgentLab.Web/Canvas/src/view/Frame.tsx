import { NodeResizer } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { edit, endEdit, paint } from '../editor/actions';
import { useStore } from '../editor/store';
import type { FrameNode, NoteNode } from '../editor/viewModel';
import type { Color } from '../model/types';
import { colors } from '../model/types';
import { useEditor, useFar } from './context';
import { Icon } from './Icon';
import { changeIcons } from './icons';
import { Markdown } from './Markdown';
import { NameField } from './NameField';

const Resizer = ({ id, shown, minWidth, minHeight }: { id: string; shown: boolean; minWidth: number; minHeight: number }) => {
  const editor = useEditor();
  return <NodeResizer isVisible={shown} minWidth={minWidth} minHeight={minHeight} onResizeEnd={(_, box) => editor.resized(id, { x: Math.round(box.x), y: Math.round(box.y), width: Math.round(box.width), height: Math.round(box.height) })} />;
};

const Palette = ({ id, color }: { id: string; color: Color }) => {
  const editor = useEditor();
  return (
    <div className="palette nodrag nopan" role="toolbar" aria-label="Colour">
      {colors.map((name) => <button type="button" key={name} tabIndex={-1} className={`swatch tint-${name}`} aria-label={name} title={name} aria-pressed={name === color} onClick={() => paint(editor, id, name)} />)}
    </div>
  );
};

/** A group: a frame behind its nodes. Only its title can be grabbed, so that a box can be drawn inside. */
export const Frame = memo(({ id, data, selected }: NodeProps<FrameNode>) => {
  const editor = useEditor();
  const { editing } = useStore(editor.ui);
  const { group, change } = data;
  return (
    <div className={`frame tint-${group.color} ${selected ? 'selected' : ''} ${change ? `change-${change}` : ''}`}>
      <Resizer id={id} shown={selected && data.editable} minWidth={160} minHeight={96} />
      {selected && data.editable && <Palette id={id} color={group.color} />}
      <div className="frame-title" onDoubleClick={() => edit(editor, id)}>
        {change && <Icon path={changeIcons[change]} size={14} width={2.4} />}
        {editing === id ? <NameField value={group.name} onEnd={(text) => endEdit(editor, id, text)} /> : <span>{group.name}</span>}
      </div>
    </div>
  );
}, (a, b) => a.data === b.data && a.selected === b.selected);

/** A sticky note. */
export const Note = memo(({ id, data, selected }: NodeProps<NoteNode>) => {
  const editor = useEditor();
  const far = useFar();
  const { editing } = useStore(editor.ui);
  const { note, change } = data;
  return (
    <div className={`note tint-${note.color} ${selected ? 'selected' : ''} ${change ? `change-${change}` : ''}`} onDoubleClick={() => edit(editor, id)}>
      <Resizer id={id} shown={selected && data.editable} minWidth={144} minHeight={80} />
      {selected && data.editable && <Palette id={id} color={note.color} />}
      {editing === id
        ? <NameField long value={note.text} label={editor.labels.note} onEnd={(text) => endEdit(editor, id, text)} />
        : !far && <div className="note-text">{note.text ? <Markdown text={note.text} /> : <span className="faint">{editor.labels.noteEmpty}</span>}</div>}
    </div>
  );
}, (a, b) => a.data === b.data && a.selected === b.selected);
