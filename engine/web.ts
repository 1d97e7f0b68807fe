/** The engine with web workers. Their script's address is the host's to know, so it configures them: `configure({ worker: () => webWorker(url) })`. */
import { t } from '@vscode/l10n';
import type { FromWorker, WorkerThread } from './backends/wasm/workers.ts';

export * from './index.ts';

/** A thread that runs what was built of `web-worker.ts`, at this address. */
export function webWorker(url: string): WorkerThread {
  const worker = new Worker(url);
  let ended = (_reason: string): void => undefined;
  const end = (reason: string): void => {
    worker.terminate();
    ended(reason);
    ended = () => undefined;
  };
  worker.onerror = ({ message }) => end(message ?? t('its script could not be run'));
  worker.onmessageerror = () => end(t('its answer could not be read'));
  return {
    postMessage: (message) => worker.postMessage(message),
    onMessage(listener) {
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => listener(data);
    },
    onEnd(listener) {
      ended = listener;
    },
    terminate: () => end(t('it was stopped')),
  };
}
