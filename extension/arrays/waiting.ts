/** Waiting for another process: told to the user once it takes long, who may end it. */
import * as vscode from 'vscode';

/** Milliseconds without a word about it. */
const unnoticed = 300;

/** @throws CancellationError once the user cancels, whether the work notices or not */
export async function waiting<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const working = work(stop.signal);
  // Whoever waits is told; until then it is no unhandled rejection.
  working.catch(() => undefined);
  const slow = Symbol('slow');
  const soon = await Promise.race([
    working,
    new Promise<typeof slow>((resolve) => setTimeout(() => resolve(slow), unnoticed)),
  ]);
  if (soon !== slow) return soon;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_, token) =>
      new Promise<T>((resolve, reject) => {
        token.onCancellationRequested(() => {
          stop.abort(new vscode.CancellationError());
          reject(stop.signal.reason as Error);
        });
        working.then(resolve, reject);
      }),
  );
}
