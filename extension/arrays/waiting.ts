/** Waiting for what may take long: told to the user once it does, who may end it. */
import * as vscode from 'vscode';
import { plain } from '../plain.ts';
import type { Loading } from './offer.ts';

/** Milliseconds without a word about it. */
const unnoticed = 300;

/**
 * The signal is aborted when the user cancels and when the work fails, so that what is left of it stops.
 * @throws CancellationError once the user cancels, whether the work notices or not
 */
export async function waiting<T>(title: string, work: (loading: Loading) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let reached = 0;
  let follow: () => void = () => undefined;
  const report = (fraction: number): void => {
    reached = fraction;
    follow();
  };
  const working = work({ signal: stop.signal, report });
  working.catch((error) => stop.abort(error));
  const slow = Symbol('slow');
  const waited = new Promise<typeof slow>((resolve) => setTimeout(() => resolve(slow), unnoticed));
  const soon = await Promise.race([working, waited]);
  if (soon !== slow) return soon;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plain(title), cancellable: true },
    (progress, token) => {
      token.onCancellationRequested(() => stop.abort(new vscode.CancellationError()));
      let shown = 0;
      follow = () => {
        progress.report({ message: `${Math.floor(reached * 100)} %`, increment: (reached - shown) * 100 });
        shown = reached;
      };
      if (reached > 0) follow();
      return untilAborted(working, stop.signal);
    },
  );
}

/** Work that does not notice the signal keeps nobody waiting. */
function untilAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    result.then(resolve, reject);
  });
}
