/** Worker threads that tests can watch and end. */
import { nodeWorker, type WorkerThread } from '../../../engine/node.ts';

const workerUrl = new URL('../../../engine/node-worker.ts', import.meta.url);

export const plainWorker = (): WorkerThread => nodeWorker(workerUrl);

type Message = Parameters<WorkerThread['postMessage']>[0];

/** A thread that is told of every message before it is sent, and may end then. */
export function watchedWorker(
  onMessage: (message: Message, thread: WorkerThread) => void,
): () => WorkerThread {
  return () => {
    const thread = plainWorker();
    return {
      ...thread,
      postMessage(message) {
        thread.postMessage(message);
        onMessage(message, thread);
      },
    };
  };
}
