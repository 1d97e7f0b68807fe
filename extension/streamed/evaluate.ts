/** Losses on arrays that are larger than memory: worked through row by row, and what is known at the end shown. */
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { NdArray } from '../../engine/array.ts';
import { LossLensError } from '../../engine/errors.ts';
import type { Parameters } from '../../engine/evaluation.ts';
import { type RowStream, rowsOf } from '../../engine/streaming/rows.ts';
import type { StreamedEvaluation } from '../../engine/streaming/stream.ts';
import type { ArrayOffer, Loading } from '../arrays/offer.ts';
import { symbols, titleOf } from '../catalogue.ts';
import { engine } from '../engine.ts';
import { plain } from '../plain.ts';
import { showStreamed } from './panel.ts';
import type { Shown } from './protocol.ts';

/** Bytes from which on arrays are not loaded: the kernels hold them a second time, and the gradients. */
const muchData = 2 ** 30;
/** Bytes that are loaded all the same where a loss cannot be taken apart. */
const mostLoaded = 2 ** 31;

type Offers = ReadonlyMap<string, ArrayOffer>;

const bytesOf = (offers: Offers): number =>
  [...offers.values()].reduce((sum, { bytes = 0 }) => sum + bytes, 0);

/** Whether these are to be worked through row by row. */
export const isForRows = (offers: Offers): boolean =>
  bytesOf(offers) >= muchData && [...offers.values()].some(({ stream }) => stream);

export interface Subject {
  readonly loss: string;
  readonly parameters: Parameters;
  readonly offers: Offers;
}

/** @returns whether there is nothing more to do: false where the loss needs all rows at once, and they can be loaded */
export async function evaluateRows(
  context: vscode.ExtensionContext,
  title: string,
  subject: Subject,
): Promise<boolean> {
  const stop = new AbortController();
  try {
    const evaluation = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: plain(title), cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => stop.abort(new vscode.CancellationError()));
        let shown = 0;
        return evaluated(subject, {
          signal: stop.signal,
          report(fraction) {
            const message = t`${Math.floor(100 * fraction)} %, row by row`;
            progress.report({ message, increment: 100 * (fraction - shown) });
            shown = fraction;
          },
        });
      },
    );
    showStreamed(context, shownOf(subject, evaluation));
    return true;
  } catch (error) {
    if (stop.signal.aborted) return true;
    const isWhole = error instanceof LossLensError && error.code === 'not-streamable';
    if (isWhole && bytesOf(subject.offers) <= mostLoaded) return false;
    throw error;
  }
}

async function evaluated(
  { loss, parameters, offers }: Subject,
  loading: Loading,
): Promise<StreamedEvaluation> {
  const largest = [...offers.values()].reduce((a, b) => ((b.bytes ?? 0) > (a.bytes ?? 0) ? b : a));
  const rows = largest.shape?.[0];
  const streams: Record<string, RowStream> = {};
  const inputs: Record<string, NdArray> = {};
  for (const [name, offer] of offers) {
    // Class weights and the like are the same for all rows.
    const isRowwise =
      offer === largest || (offer.shape ? offer.shape[0] === rows : offer.stream !== undefined);
    if (isRowwise && offer.stream) streams[name] = await offer.stream();
    else {
      const array = await offer.load({ signal: loading.signal, report: () => undefined });
      if (array.shape.length > 0 && array.shape[0] === rows) streams[name] = rowsOf(array);
      else inputs[name] = array;
    }
  }
  const { evaluateStream } = await engine();
  return evaluateStream({ loss, streams, inputs, parameters, gradients: true, ...loading });
}

function shownOf({ loss, offers }: Subject, evaluation: StreamedEvaluation): Shown {
  const symbol = symbols.find(({ name }) => name === loss);
  const { value, numerator, denominator, rows, shapes, parts, gradients, time, bytes } = evaluation;
  const numbers = (of: (part: StreamedEvaluation['parts'][number]) => number): Float64Array =>
    Float64Array.from(parts, of);
  return {
    title: titleOf(symbol?.loss ?? loss),
    ...(symbol && { symbol: symbol.name }),
    inputs: [...offers].map(([name, { dtype = '', shape, from }]) => ({
      name,
      dtype,
      shape: shapes[name] ? [rows, ...shapes[name]] : (shape ?? []),
      from,
      rowwise: shapes[name] !== undefined,
    })),
    value: Float64Array.of(value, numerator, denominator),
    rows,
    parts: {
      start: numbers(({ start }) => start),
      rows: numbers(({ rows }) => rows),
      value: numbers(({ value }) => value),
    },
    gradients: Object.entries(gradients).map(([by, { largest, norm }]) => ({
      by,
      size: Float64Array.of(largest, norm),
    })),
    withoutGradient: evaluation.withoutGradient,
    nonFinite: evaluation.nonFinite,
    warnings: evaluation.warnings,
    backend: evaluation.backend,
    dtype: evaluation.dtype,
    time,
    bytes,
  };
}
