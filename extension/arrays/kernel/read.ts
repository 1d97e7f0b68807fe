/** The arrays of a kernel: listed, and read exactly. No `vscode` here. */
import { t } from '@vscode/l10n';
import type { NdArray } from '../../../engine/array.ts';
import type { Loading } from '../offer.ts';
import { statement } from '../python/code.ts';
import {
  arrayFrom,
  type Described,
  type Header,
  headerOf,
  listed,
  nameOf,
  noAnswer,
} from '../python/described.ts';
import { decode, exchange } from './exchange.ts';
import type { Kernel } from './jupyter.ts';
import serve from './serve.py';

const mime = 'application/vnd.loss-lens.answer+json';
/** What VS Code takes for an image comes as bytes, without a way through text. */
const chunk = 'image/x-loss-lens-bytes';

function program(request: { readonly kind: 'list' | 'read'; readonly path: Described['path'] }): string {
  return statement(serve, { request: JSON.stringify({ ...request, mime, chunk }) });
}

/** @throws as `exchange` */
export async function listArrays(kernel: Kernel, signal: AbortSignal): Promise<Described[]> {
  const what = t('the list of variables');
  let found: Described[] | undefined;
  for await (const { mime: kind, data } of exchange(
    kernel,
    program({ kind: 'list', path: [] }),
    what,
    signal,
  )) {
    if (kind === mime) found = listed(JSON.parse(decode(data)));
  }
  if (!found) throw noAnswer(what);
  return found;
}

/**
 * All chunks come from one execution, so no cell runs between them and the array is of one moment.
 * @throws as `exchange`; LossLensError `unreadable`, `out-of-memory`, `incomplete`
 */
export async function readArray(
  kernel: Kernel,
  path: Described['path'],
  { report, signal }: Loading,
): Promise<NdArray> {
  const what = nameOf(path);
  let header: Header | undefined;
  let bytes = new Uint8Array(0);
  let filled = 0;
  let warnings = '';
  const items = exchange(kernel, program({ kind: 'read', path }), what, signal, (text) => {
    warnings = (warnings + text).slice(0, 500);
  });
  for await (const { mime: kind, data } of items) {
    if (kind === mime) {
      header = headerOf(JSON.parse(decode(data)), what);
      bytes = new Uint8Array(header.bytes);
    } else if (kind === chunk && filled + data.length <= bytes.length) {
      bytes.set(data, filled);
      filled += data.length;
      report(filled / bytes.length);
    }
  }
  if (!header) throw noAnswer(what, warnings.trim() || undefined);
  // A Jupyter server drops what goes beyond its limit of bytes a second, and says so on standard error.
  if (filled !== header.bytes) throw noAnswer(what, warnings.trim() || t`${filled} of ${header.bytes} bytes`);
  return arrayFrom(header, bytes);
}
