/** The arrays that the outputs of a notebook's cells show. */
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { LossLensError, withoutPlace } from '../../../engine/errors.ts';
import { type Output, type PrintedArray, printedArrays } from '../../../engine/index.ts';
import { type ArrayOffer, offerOf } from '../offer.ts';

/** Characters of one output; more is no longer read for people, and a file holds it better. */
const longest = 100_000_000;
/** Characters up to which an array is read to be described. */
const described = 1_000_000;

/** Bytes from which an output is not read only to say whether it shows arrays. */
const glanced = 2_000_000;
const beginning = 100_000;

const known = new WeakMap<vscode.NotebookCellOutput, readonly ArrayOffer[]>();

/** In the order of the outputs. Read once for each output. */
export function arraysOfCell(cell: vscode.NotebookCell): readonly ArrayOffer[] {
  return cell.outputs.flatMap((output) => {
    const before = known.get(output);
    if (before) return before;
    const offers = offersOf(output, cell);
    known.set(output, offers);
    return offers;
  });
}

/** Whether the cell's outputs show arrays; of long ones their beginning tells. */
export function showsArrays(cell: vscode.NotebookCell): boolean {
  const long = cell.outputs.some((output) => output.items.some(({ data }) => data.byteLength > glanced));
  if (!long) return arraysOfCell(cell).length > 0;
  return cell.outputs.some(({ items }) =>
    items.some(
      ({ mime, data }) =>
        isRead(mime) && /\[\s*[-+]?[\d.]/.test(new TextDecoder().decode(data.subarray(0, beginning))),
    ),
  );
}

function offersOf(output: vscode.NotebookCellOutput, cell: vscode.NotebookCell): ArrayOffer[] {
  const from = t`output of cell ${cell.index + 1}`;
  const size = output.items.reduce((sum, { mime, data }) => sum + (isRead(mime) ? data.byteLength : 0), 0);
  if (size > longest) return [tooLong(from, size)];
  const text = textOf(output, ...plainTypes);
  const html = textOf(output, 'text/html');
  const read: Output = {
    kind: output.items.some(({ mime }) => streams.has(mime)) ? 'stream' : kindOf(output),
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
    ...(cell.document.languageId === 'python' && { code: cell.document.getText() }),
  };
  return printedArrays(read).flatMap((array) => [
    offerOfPrinted(array, from),
    ...(array.leftOut ? [offerOfOthers(array.leftOut, from)] : []),
  ]);
}

const streams: ReadonlySet<string> = new Set(['application/vnd.code.notebook.stdout']);
/** What says it in numbers before what says it in words. */
const plainTypes = [...streams, 'application/json', 'text/csv', 'text/tab-separated-values', 'text/plain'];

function isRead(mime: string): boolean {
  return mime === 'text/html' || plainTypes.includes(mime);
}

/** The first of the types that the output has. */
function textOf(output: vscode.NotebookCellOutput, ...types: readonly string[]): string | undefined {
  for (const type of types) {
    // A stream has an item for each piece.
    const items = output.items.filter(({ mime }) => mime === type);
    if (items.length > 0) return items.map(({ data }) => new TextDecoder().decode(data)).join('');
  }
  return undefined;
}

function kindOf({ metadata }: vscode.NotebookCellOutput): Output['kind'] {
  return metadata?.outputType === 'execute_result' ? 'value' : 'other';
}

function offerOfPrinted({ name, length, decimals, read }: PrintedArray, from: string): ArrayOffer {
  const note =
    decimals === undefined
      ? {}
      : { note: decimals === 1 ? t('printed to 1 decimal') : t`printed to ${decimals} decimals` };
  const named = name === undefined ? {} : { name };
  const load = async () => {
    try {
      return read();
    } catch (error) {
      throw error instanceof LossLensError ? placed(error, name, from) : error;
    }
  };
  if (length > described) return { ...named, from, ...note, load };
  try {
    return { ...offerOf(read(), from, name), ...note };
  } catch (error) {
    if (!(error instanceof LossLensError)) throw error;
    return { ...named, from, preview: t('not whole'), doubt: t('not whole'), load };
  }
}

/** Stands for the columns that are not offered; chosen, it says why. */
function offerOfOthers({ columns, refusal }: NonNullable<PrintedArray['leftOut']>, from: string): ArrayOffer {
  const count = columns.length === 1 ? t('1 column') : t`${columns.length} columns`;
  const named = columns.length > 3 ? [...columns.slice(0, 3), '…'] : columns;
  return {
    from,
    preview: t`${count} left out: ${named.join(', ')}`,
    doubt: t('not surely numbers'),
    async load() {
      throw refusal;
    },
  };
}

/** The refusal with the array's name and place, and the other way to its numbers. */
function placed(error: LossLensError, name: string | undefined, from: string): LossLensError {
  const what = name === undefined ? t`The array in the ${from}` : t`${name} in the ${from}`;
  const elsewhere =
    error.code === 'incomplete' ? ` ${t('While the kernel runs, “From the kernel…” takes all of it.')}` : '';
  return new LossLensError(error.code, `${what}: ${withoutPlace(error)}${elsewhere}`);
}

function tooLong(from: string, size: number): ArrayOffer {
  return {
    from,
    preview: t('too long'),
    async load() {
      throw new LossLensError(
        'incomplete',
        t('This output is too long to be read. Save the array to a file instead: np.save.'),
        {
          found: t`${Math.round(size / 1e6)} MB of text`,
          expected: t`at most ${longest / 1e6} MB`,
        },
      );
    },
  };
}
