import { Background, BackgroundVariant, ReactFlow, SelectionMode, useStore as useFlow, useStoreApi } from '@xyflow/react';
import type { EdgeChange, FinalConnectionState, NodeChange, NodeDimensionChange, NodePositionChange } from '@xyflow/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { addNode, addNote, edit, openPicker } from '../editor/actions';
import { Camera } from '../editor/camera';
import { draggedOver } from '../editor/dragging';
import { useStore } from '../editor/store';
import type { ViewNode, WireEdge } from '../editor/viewModel';
import { guidesFor, lowZoom, maxZoom, minZoom, namesZoom } from '../editor/viewport';
import { grid, headHeight, nodeWidth, overlaps, union } from '../model/geometry';
import { refusal } from '../model/graph';
import * as gestures from '../model/gestures';
import { FarContext, useEditor } from './context';
import { FarSigns } from './FarSigns';
import { FarWires } from './FarWires';
import { Frame, Note } from './Frame';
import { StepCard } from './StepCard';
import { LooseWire, Wire } from './Wire';

const nodeTypes = { step: StepCard, frame: Frame, note: Note };
const edgeTypes = { wire: Wire };
const touch = matchMedia('(pointer: coarse)').matches;
const panButtons = [1];
const snapGrid: [number, number] = [grid, grid];
const selectKeys = ['Shift', 'Meta', 'Control'];
const noEdges: WireEdge[] = [];
const noOptions = { hideAttribution: true };
export const dragType = 'application/x-agentlab-node';

/** The graph. React Flow draws and moves; what comes of it is told to the editor. */
export function FlowPane() {
  const editor = useEditor();
  const { nodes, edges } = useStore(editor.view);
  const { readOnly, previewing } = useStore(editor.ui);
  const editable = !readOnly && !previewing;
  const far = useFlow((state) => state.transform[2] < lowZoom);
  const small = useFlow((state) => state.transform[2] < namesZoom);
  const pane = useRef<HTMLDivElement>(null);
  const flowStore = useStoreApi();
  // Sizes and ports come from the geometry: measuring every node that comes into sight would cost a layout each, and find no ports on those drawn from afar.
  useState(() => flowStore.setState({ updateNodeInternals: () => undefined }));

  const onNodesChange = useCallback((changes: NodeChange<ViewNode>[]) => {
    const selects = changes.filter((change) => change.type === 'select');
    if (selects.length > 0) editor.changeSelection(selects, 'nodes');
    const moves = changes.filter((change): change is NodePositionChange => change.type === 'position' && change.position !== undefined);
    const sizes = changes.filter((change): change is NodeDimensionChange => change.type === 'dimensions' && change.resizing === true && change.dimensions !== undefined);
    const places = new Map(moves.map((move) => [move.id, { id: move.id, x: move.position!.x, y: move.position!.y } as { id: string; x: number; y: number; width?: number; height?: number }]));
    for (const size of sizes) {
      const node = editor.view.get().nodes.find((candidate) => candidate.id === size.id);
      const place = places.get(size.id) ?? { id: size.id, x: node?.position.x ?? 0, y: node?.position.y ?? 0 };
      places.set(size.id, { ...place, ...size.dimensions });
    }
    if (places.size > 0) editor.drag([...places.values()]);
  }, [editor]);

  const onEdgesChange = useCallback((changes: EdgeChange<WireEdge>[]) => {
    const selects = changes.filter((change) => change.type === 'select');
    if (selects.length > 0) editor.changeSelection(selects, 'edges');
  }, [editor]);

  const handlers = useMemo(() => ({
    onNodeDrag: (_: unknown, __: unknown, dragged: ViewNode[]) => {
      const ids = new Set(dragged.map((node) => node.id));
      const moving = union(dragged.filter((node) => node.type === 'step').map((node) => ({ ...node.position, width: node.width!, height: node.height! })));
      if (!moving || !editor.camera) return;
      const view = editor.camera.seen;
      editor.guides.set(guidesFor(moving, [...editor.graph.boxes].filter(([id, box]) => !ids.has(id) && overlaps(box, view)).map(([, box]) => box)));
      editor.spliceEdge.set(dragged.length === 1 ? draggedOver(editor.graph, dragged[0]!.id, moving) : undefined);
    },
    // The camera's own movements come without an event.
    onMove: (event: unknown) => {
      if (event) editor.camera?.touched();
    },
    onBusy: () => editor.setBusy(true),
    onIdle: () => editor.setBusy(false),
    onDrop: () => {
      editor.drop();
      editor.setBusy(false);
    },
    onConnect: (connection: { source: string; target: string; sourceHandle: string | null; targetHandle: string | null }) => {
      editor.connect(connection.source, connection.sourceHandle ?? 'out', connection.target, connection.targetHandle ?? 'in');
    },
    onReconnect: (old: WireEdge, to: { source: string; target: string; sourceHandle: string | null; targetHandle: string | null }) => {
      editor.perform(gestures.reconnect(editor.graph, old.id, to.source, to.sourceHandle ?? 'out', to.target, to.targetHandle ?? 'in'));
    },
    isValid: (to: { source: string; target: string; sourceHandle?: string | null; targetHandle?: string | null }) =>
      refusal(editor.graph, to.source, to.sourceHandle ?? 'out', to.target, to.targetHandle ?? 'in') === undefined,
    onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      if (state.toNode || !state.fromNode || !state.fromHandle?.id || !editor.camera) return;
      const point = 'changedTouches' in event ? event.changedTouches[0] : event;
      if (!point) return;
      const edge = pane.current!.getBoundingClientRect();
      const at = editor.camera.toGraph(point.clientX, point.clientY);
      const from = { node: state.fromNode.id, port: state.fromHandle.id };
      const forward = state.fromHandle.type === 'source';
      openPicker(editor, forward ? { after: from, at: { x: at.x, y: at.y - 40 } } : { before: from, at: { x: at.x - nodeWidth, y: at.y - 40 } }, { x: point.clientX - edge.left + 16, y: point.clientY - edge.top - 40 });
    },
    // A click on one of several selected ones means that one.
    onClick: (event: React.MouseEvent, node: ViewNode) => {
      if (!event.shiftKey && !event.ctrlKey && !event.metaKey && editor.selection.get().nodes.size > 1) editor.select([node.id]);
    },
    onDoubleClick: (_: unknown, node: ViewNode) => {
      if (node.type === 'step') editor.server.activated(node.id);
      else edit(editor, node.id);
    },
    onDropKind: (event: React.DragEvent) => {
      const kind = event.dataTransfer.getData(dragType);
      const at = editor.camera?.toGraph(event.clientX, event.clientY);
      if (!kind || !at || !editor.editable) return;
      event.preventDefault();
      if (kind === 'note') return addNote(editor);
      const spot = { x: at.x - nodeWidth / 2, y: at.y - 40 };
      const edge = draggedOver(editor.graph, undefined, { ...spot, width: nodeWidth, height: headHeight });
      addNode(editor, kind, edge === undefined ? { at: spot, ...(editor.graph.definition.nodes.length === 0 ? {} : { after: nearFrom(editor, spot) }) } : { edge });
    },
  }), [editor]);

  return (
    <FarContext value={far}>
      <ReactFlow<ViewNode, WireEdge>
        ref={pane} className={small ? 'small' : ''} nodes={nodes} edges={far ? noEdges : edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes} onInit={(flow) => {
          editor.camera = new Camera(editor, flow, pane.current!);
          if (editor.ui.get().loaded) editor.camera.open();
        }}
        onNodesChange={onNodesChange} onEdgesChange={onEdgesChange} onNodeDrag={handlers.onNodeDrag} onNodeDragStop={handlers.onDrop} onSelectionDragStop={handlers.onDrop}
        onConnect={handlers.onConnect} onReconnect={handlers.onReconnect} onConnectEnd={handlers.onConnectEnd} isValidConnection={handlers.isValid}
        onNodeClick={handlers.onClick} onNodeDoubleClick={handlers.onDoubleClick} onDragOver={(event) => event.dataTransfer.types.includes(dragType) && event.preventDefault()} onDrop={handlers.onDropKind}
        onMoveStart={handlers.onMove} onSelectionStart={handlers.onBusy} onSelectionEnd={handlers.onIdle} onNodeDragStart={handlers.onBusy} onSelectionDragStart={handlers.onBusy}
        onlyRenderVisibleElements elevateNodesOnSelect={false} elevateEdgesOnSelect={false} nodesFocusable={false} edgesFocusable={false} disableKeyboardA11y deleteKeyCode={null}
        nodesDraggable={editable} nodesConnectable={editable} multiSelectionKeyCode={selectKeys} selectionKeyCode={null} panActivationKeyCode="Space" selectionOnDrag={!touch} panOnDrag={touch ? true : panButtons} selectionMode={SelectionMode.Partial}
        panOnScroll zoomOnDoubleClick={false} zoomActivationKeyCode={['Control', 'Meta']} snapToGrid snapGrid={snapGrid} minZoom={minZoom} maxZoom={maxZoom} connectionRadius={32} connectionLineComponent={LooseWire}
        nodeDragThreshold={3} connectOnClick={false} proOptions={noOptions} autoPanOnNodeFocus={false}
      >
        {far && <FarWires />}
        {far && <FarSigns />}
        <Background variant={BackgroundVariant.Dots} gap={far ? 128 : 32} size={far ? 8 : 2.6} />
      </ReactFlow>
    </FarContext>
  );
}

/** What a node dropped from the palette is wired to: the nearest open output to its left, if one is near. */
function nearFrom(editor: ReturnType<typeof useEditor>, spot: { x: number; y: number }): { node: string; port: string } | undefined {
  let best: { node: string; port: string } | undefined;
  let least = 320;
  for (const node of editor.view.get().nodes) {
    if (node.type !== 'step') continue;
    const port = node.data.open.find((name) => name !== 'error');
    const distance = Math.hypot(spot.x - node.position.x - nodeWidth, spot.y - node.position.y);
    if (port === undefined || spot.x < node.position.x + nodeWidth || distance >= least) continue;
    least = distance;
    best = { node: node.id, port };
  }
  return best;
}
