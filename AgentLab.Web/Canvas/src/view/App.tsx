import { ReactFlowProvider, useStore as useFlow } from '@xyflow/react';
import { useEffect, useId, useRef } from 'react';
import { openPicker } from '../editor/actions';
import type { Editor } from '../editor/editor';
import { listenToKeys } from '../editor/keyboard';
import { useStore } from '../editor/store';
import { EditorContext, useEditor } from './context';
import { Controls, Notice } from './Controls';
import { FlowPane } from './FlowPane';
import { Icon } from './Icon';
import { icons } from './icons';
import { MiniMap } from './MiniMap';
import { Outline } from './Outline';
import { Picker } from './Picker';

export function App({ editor }: { editor: Editor }) {
  const root = useRef<HTMLDivElement>(null);
  const { outline, previewing, readOnly, placed } = useStore(editor.ui);
  const help = useId();
  useEffect(() => {
    editor.root = root.current ?? undefined;
    return root.current ? listenToKeys(editor, root.current) : undefined;
  }, [editor]);
  // A node that would go into a connection lets it be seen through itself.
  useEffect(() => editor.spliceEdge.subscribe(() => root.current?.classList.toggle('splicing', editor.spliceEdge.get() !== undefined)), [editor]);
  return (
    <EditorContext value={editor}>
      <ReactFlowProvider>
        <div className={`canvas ${previewing ? 'previewing' : ''} ${readOnly ? 'read-only' : ''} ${placed ? '' : 'unplaced'}`} ref={root}>
          {outline && <Outline />}
          <div className="canvas-area" onPointerDownCapture={(event) => {
            if (editor.ui.get().picker && event.target instanceof Element && !event.target.closest('.picker')) editor.ui.update({ picker: undefined });
          }}>
            <div className="canvas-pane" role="application" tabIndex={0} aria-label={editor.labels.canvas} aria-describedby={help}>
              <FlowPane />
              <Guides />
              <FirstStep />
            </div>
            <span id={help} className="sr-only">{editor.labels.canvasHelp}</span>
            <Controls />
            <MiniMap />
            <Notice />
            <Picker />
            <Said />
          </div>
        </div>
      </ReactFlowProvider>
    </EditorContext>
  );
}

/** One region for all announcements; it never speaks by itself. */
function Said() {
  const editor = useEditor();
  const text = useStore(editor.said);
  return <div className="sr-only" role="status" aria-live="polite" aria-atomic="true">{text}</div>;
}

function FirstStep() {
  const editor = useEditor();
  const { empty, loaded } = useStore(editor.ui);
  if (!empty || !loaded || !editor.editable) return null;
  return (
    <button type="button" className="first-step" onClick={(event) => {
      const box = event.currentTarget.getBoundingClientRect();
      const area = editor.root?.querySelector('.canvas-pane')?.getBoundingClientRect();
      openPicker(editor, {}, { x: box.right - (area?.left ?? 0) + 24, y: box.top - (area?.top ?? 0) - 120 });
    }}>
      <span className="first-box"><Icon path={icons.plus} size={32} /></span>
      <b>{editor.labels.firstStep}</b>
      <span>{editor.labels.firstStepHint}</span>
    </button>
  );
}

/** The lines along which a dragged node stands level with others. */
function Guides() {
  const editor = useEditor();
  const guides = useStore(editor.guides);
  const [x, y, zoom] = useFlow((state) => (guides.length > 0 ? state.transform : idle));
  if (guides.length === 0) return null;
  return (
    <svg className="guides" aria-hidden="true">
      {guides.map((guide) => guide.axis === 'x'
        ? <line key={`x${guide.at}`} x1={guide.at * zoom + x} x2={guide.at * zoom + x} y1={guide.from * zoom + y} y2={guide.to * zoom + y} />
        : <line key={`y${guide.at}`} y1={guide.at * zoom + y} y2={guide.at * zoom + y} x1={guide.from * zoom + x} x2={guide.to * zoom + x} />)}
    </svg>
  );
}

const idle: [number, number, number] = [0, 0, 1];
