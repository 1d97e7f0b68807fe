/** Loading what was chosen: at once where it is there, else followed by a notification that can cancel it. */
import * as vscode from 'vscode';
import type { NdArray } from '../../engine/array.ts';
import type { ArrayOffer, Loading } from './offer.ts';

/** Milliseconds without a word about it. */
const unnoticed = 300;

/** @returns the array of each input; `undefined` once the user cancels */
export async function loadAll(
  title: string,
  offers: ReadonlyMap<string, ArrayOffer>,
): Promise<Record<string, NdArray> | undefined> {
  const stop = new AbortController();
  const fractions = new Map<string, number>();
  let follow: (() => void) | undefined;
  const loadingOf = (input: string): Loading => ({
    signal: stop.signal,
    report(fraction) {
      fractions.set(input, fraction);
      follow?.();
    },
  });
  const loaded = Promise.all(
    [...offers].map(async ([input, offer]) => [input, await offer.load(loadingOf(input))] as const),
  ).then((entries) => Object.fromEntries(entries));
  // One that fails stops the others.
  loaded.catch((error) => stop.abort(error));
  try {
    const waited = new Promise<void>((resolve) => setTimeout(resolve, unnoticed));
    const soon = await Promise.race([loaded, waited]);
    if (soon) return soon;
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => stop.abort(new vscode.CancellationError()));
        let shown = 0;
        follow = () => {
          const done = [...fractions.values()].reduce((sum, fraction) => sum + fraction, 0) / offers.size;
          progress.report({ message: `${Math.floor(done * 100)} %`, increment: (done - shown) * 100 });
          shown = done;
        };
        return untilAborted(loaded, stop.signal);
      },
    );
  } catch (error) {
    if (error instanceof vscode.CancellationError) return undefined;
    throw error;
  }
}

/** A source that does not notice the signal keeps nobody waiting. */
function untilAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    result.then(resolve, reject);
  });
}
