import { useStore as useFlow } from '@xyflow/react';
import { tidy } from '../editor/actions';
import { useStore } from '../editor/store';
import { useEditor } from './context';
import { Icon } from './Icon';
import { icons } from './icons';

/** The bar at the lower left: what changes the view, not the workflow. */
export function Controls() {
  const editor = useEditor();
  const { labels } = editor;
  const ui = useStore(editor.ui);
  const percent = useFlow((state) => Math.round(state.transform[2] * 100));
  const button = (label: string, icon: string, act: () => void, pressed?: boolean) => (
    <button type="button" title={label} aria-label={label} aria-pressed={pressed} onClick={act}><Icon path={icon} size={18} /></button>
  );
  return (
    <div className="controls" role="toolbar" aria-label={labels.controls}>
      {button(labels.showOutline, icons.list, () => editor.ui.update({ outline: !ui.outline }), ui.outline)}
      {button(labels.fit, icons.fit, () => editor.camera?.fit())}
      {button(labels.zoomOut, icons.minus, () => editor.camera?.zoomBy(1 / 1.25))}
      <button type="button" className="percent" title={labels.zoomReset} aria-label={`${percent} %, ${labels.zoomReset}`} onClick={() => editor.camera?.zoomTo(1)}>{percent} %</button>
      {button(labels.zoomIn, icons.plus, () => editor.camera?.zoomBy(1.25))}
      {editor.editable && button(labels.tidy, icons.tidy, () => void tidy(editor))}
      {button(labels.minimap, icons.map, () => editor.ui.update({ minimap: !ui.minimap }), ui.minimap)}
      {button(labels.help, icons.help, () => editor.server.openHelp())}
    </div>
  );
}

/** What could not be done, where it happened; it stays until it is dismissed. */
export function Notice() {
  const editor = useEditor();
  const { notice } = useStore(editor.ui);
  if (!notice) return null;
  return (
    <div className={`notice ${notice.bad ? 'bad' : ''}`}>
      <Icon path={notice.bad ? icons.error : icons.warning} size={18} />
      <span>{notice.text}</span>
      <button type="button" aria-label={editor.labels.dismiss} title={editor.labels.dismiss} onClick={() => editor.ui.update({ notice: undefined })}><Icon path={icons.close} size={16} /></button>
    </div>
  );
}
