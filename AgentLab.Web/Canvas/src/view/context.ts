import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Editor } from '../editor/editor';
import type { EdgeStatus, NodeStatus } from '../model/types';

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error('Outside of the canvas.');
  return editor;
}

/** Whether the picture is so small that texts cannot be read: nodes are drawn as plain shapes then. */
export const FarContext = createContext(false);
export const useFar = (): boolean => useContext(FarContext);

export function useNodeStatus(id: string): NodeStatus | undefined {
  const { status } = useEditor();
  return useSyncExternalStore(useCallback((listener) => status.onNode(id, listener), [status, id]), () => status.node(id));
}

export function useEdgeStatus(id: string): EdgeStatus | undefined {
  const { status } = useEditor();
  return useSyncExternalStore(useCallback((listener) => status.onEdge(id, listener), [status, id]), () => status.edge(id));
}
