/** What of an evaluation outlives the window: kept as text by the editor, read back after a reload. */
import { t } from '@vscode/l10n';
import { allocate, type DType, type NdArray, type TypedArray } from '../../engine/array.ts';
import type { EvaluateRequest, ParameterValue } from '../../engine/evaluation.ts';
import type { WireParameters } from '../../engine/presentation/shown.ts';
import { fromWire, RefusedError, toWire } from '../../engine/presentation/wire.ts';
import { fromBase64, toBase64 } from '../bytes.ts';

/** Bytes of arrays beyond which an evaluation is not kept: the editor holds the text in its own database. */
const mostBytes = 1_000_000;

export interface Keepable extends EvaluateRequest {
  readonly title?: string;
  readonly notes?: readonly string[];
  readonly source?: { readonly uri: string; readonly line: number };
}

/** A text that `kept` reads back. */
export function keep(request: Keepable): string {
  const { loss, title, notes, source, reduction, backend, inputs, parameters = {} } = request;
  const bytes = Object.values(inputs).reduce((sum, { data }) => sum + data.byteLength, 0);
  const arrays = (): object =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, { data, ...rest }]) => [name, { ...rest, data: base64(data) }]),
    );
  return JSON.stringify({
    loss,
    title,
    notes,
    source,
    reduction,
    backend,
    parameters: written(parameters),
    ...(bytes <= mostBytes ? { inputs: arrays() } : { bytes }),
  });
}

/**
 * @param state what the webview gave the editor to keep: `keep`, and the parameters as they stood last.
 * @throws RefusedError when there is nothing to go back to.
 */
export function kept(state: unknown): Keepable {
  const { keep, parameters } = (state ?? {}) as { keep?: unknown; parameters?: Record<string, Written> };
  if (typeof keep !== 'string')
    throw new RefusedError(t('Nothing was kept of this evaluation. Evaluate the loss again.'));
  try {
    const { inputs, bytes, ...request } = JSON.parse(keep);
    if (!inputs && bytes > 0) {
      const size = `${Math.round(bytes / 1e6)} MB`;
      throw new RefusedError(
        t`This evaluation held ${size} of data, too much to keep over a reload. Evaluate the loss again.`,
      );
    }
    // In the same order: kept again it is the same text, by which the history knows the data.
    const arrays = Object.entries(inputs as Record<string, NdArray & { data: string }>).map(
      ([name, array]) => [name, { ...array, data: numbers(array.data, array.dtype) }],
    );
    return {
      ...request,
      inputs: Object.fromEntries(arrays),
      parameters: read({ ...request.parameters, ...parameters }),
    };
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    throw new RefusedError(t('What was kept of this evaluation cannot be read. Evaluate the loss again.'));
  }
}

/** Parameters from the webview, as JSON can hold them; and back. */
export const asText = (parameters: WireParameters): Record<string, Written> => written(fromWire(parameters));
export const fromText = (text: object): WireParameters =>
  Object.fromEntries(
    Object.entries(read(text as Record<string, Written>)).map(([name, value]) => [name, toWire(value)]),
  );

type Written = string | boolean | null | { readonly number: string };

/** JSON has no NaN and no infinity. */
function written(parameters: Readonly<Record<string, ParameterValue>>): Record<string, Written> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'number' ? { number: String(value) } : value,
    ]),
  );
}

function read(parameters: Readonly<Record<string, Written>>): Record<string, ParameterValue> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? Number(value.number) : value,
    ]),
  );
}

function base64({ buffer, byteOffset, byteLength }: TypedArray): string {
  return toBase64(new Uint8Array(buffer, byteOffset, byteLength));
}

function numbers(text: string, dtype: DType): TypedArray {
  const bytes = fromBase64(text);
  if (!bytes) throw new Error('the arrays that were kept cannot be read');
  const data = allocate(dtype, bytes.length / allocate(dtype, 1).byteLength);
  new Uint8Array(data.buffer).set(bytes);
  return data;
}
