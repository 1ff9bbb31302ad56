/// <reference lib="webworker" />
import type { LayoutRequest } from './model/layout';
import { arrange } from './model/layout';

declare const self: DedicatedWorkerGlobalScope;

self.onmessage = (event: MessageEvent<{ number: number; request: LayoutRequest }>) => {
  const { number, request } = event.data;
  try {
    self.postMessage({ number, places: arrange(request) });
  } catch (error) {
    self.postMessage({ number, fault: String(error) });
  }
};
