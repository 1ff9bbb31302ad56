import type { LayoutRequest } from '../model/layout';
import type { NodeMove } from '../model/types';

interface Answer {
  number: number;
  places?: NodeMove[];
  fault?: string;
}

/** Asks the layout worker, which is started with the first question. It comes from this origin: the page's policy allows no other script. */
export class LayoutClient {
  private worker: Worker | undefined;
  private asked = 0;
  private readonly waiting = new Map<number, { resolve(places: NodeMove[]): void; reject(error: Error): void }>();

  constructor(private readonly url: string | URL) {}

  arrange(request: LayoutRequest): Promise<NodeMove[]> {
    this.worker ??= this.start();
    const number = ++this.asked;
    const worker = this.worker;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      worker.postMessage({ number, request });
    });
  }

  close(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.waiting.clear();
  }

  private start(): Worker {
    const worker = new Worker(this.url, { type: 'module' });
    worker.onmessage = (event: MessageEvent<Answer>) => {
      const { number, places, fault } = event.data;
      const question = this.waiting.get(number);
      this.waiting.delete(number);
      if (places) question?.resolve(places);
      else question?.reject(new Error(fault));
    };
    worker.onerror = () => {
      for (const question of this.waiting.values()) question.reject(new Error('The layout did not start.'));
      this.waiting.clear();
      this.worker = undefined;
    };
    return worker;
  }
}
