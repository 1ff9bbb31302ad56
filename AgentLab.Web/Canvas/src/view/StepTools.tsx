import { disableSelected, pinActive, removeSelected } from '../editor/actions';
import { useStore } from '../editor/store';
import type { StepData } from '../editor/viewModel';
import { useEditor } from './context';
import { Icon } from './Icon';
import { icons } from './icons';

/** The small bar over the selected node; each of its buttons has a key. */
export function StepTools({ data }: { data: StepData }) {
  const editor = useEditor();
  const { labels, options } = editor;
  const { nodes } = useStore(editor.selection);
  if (nodes.size !== 1) return null;
  const tool = (label: string, icon: string, act: () => void) => (
    <button type="button" key={label} tabIndex={-1} title={label} aria-label={label} onClick={(event) => {
      event.stopPropagation();
      act();
    }}><Icon path={icon} size={16} /></button>
  );
  const runs = options.canRun === false || data.change ? [] : [
    tool(labels.runOne, icons.play, () => void editor.run({ onlyNode: data.node.id })),
    tool(labels.runFrom, icons.playFrom, () => void editor.run({ fromNode: data.node.id })),
  ];
  const edits = data.editable ? [
    tool(labels.pin, icons.pin, () => pinActive(editor)),
    tool(data.node.disabled ? labels.switchOn : labels.switchOff, icons.power, () => disableSelected(editor)),
    tool(labels.delete, icons.bin, () => removeSelected(editor)),
  ] : [];
  if (runs.length + edits.length === 0) return null;
  return <div className="step-tools nodrag nopan" role="toolbar" aria-label={data.node.name}>{runs}{edits}</div>;
}
