/** The arrays that the source itself gives: under the selections, or written out in the call. */
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { NdArray } from '../../engine/array.ts';
import { LossLensError } from '../../engine/errors.ts';
import { type LossCall, parseArray } from '../../engine/index.ts';
import { type ArrayOffer, offerOf } from '../arrays/offer.ts';
import { nameAround } from '../recognition.ts';
import { PlacedError } from './report.ts';
import type { Subject } from './subject.ts';

/** An array under a selection. */
export interface Selected {
  readonly offer: ArrayOffer;
  readonly range: vscode.Range;
}

/** What is known of the arrays: those whose input is certain, and others that wait for one. */
export interface Given {
  readonly given: ReadonlyMap<string, ArrayOffer>;
  readonly selected: readonly ArrayOffer[];
  /** How the source writes an input whose elements it does not hold. */
  readonly written?: ReadonlyMap<string, string>;
}

/** One selection that is no array is no more than the cursor, when a loss is there. */
export function selectedArrays(editor: vscode.TextEditor, call: LossCall | undefined): Selected[] {
  const { document } = editor;
  const ranges = editor.selections.filter((selection) => !selection.isEmpty);
  if (ranges.length !== 1 || !call) return ranges.map((range) => selectedArray(document, range));
  const [start, end] = [document.offsetAt(ranges[0]!.start), document.offsetAt(ranges[0]!.end)];
  if (start >= call.start && end <= call.end) return [];
  try {
    return [selectedArray(document, ranges[0]!)];
  } catch (error) {
    if (error instanceof PlacedError) return [];
    throw error;
  }
}

/** With the call around it, which may set the dtype: `torch.tensor([1, 0], dtype=torch.float32)`. */
function selectedArray(document: vscode.TextDocument, range: vscode.Range): Selected {
  const { name, range: whole } = nameAround(document, range);
  const from = t`line ${range.start.line + 1}`;
  const found = (array: NdArray): Selected => ({ offer: offerOf(array, from, name), range });
  if (!whole.isEqual(range)) {
    try {
      return found(parseArray(document.getText(whole)));
    } catch {
      // What is around it cannot be read, so the selection is all there is.
    }
  }
  const start = document.offsetAt(range.start);
  return found(read(document, document.getText(range), (mistake) => start + mistake));
}

/**
 * @param placeOf  from an offset in the text to one in the document
 * @throws PlacedError
 */
function read(document: vscode.TextDocument, text: string, placeOf: (mistake: number) => number): NdArray {
  try {
    return parseArray(text);
  } catch (error) {
    if (!(error instanceof LossLensError)) throw error;
    throw new PlacedError(error, document, placeOf(error.details.offset ?? 0));
  }
}

export function argumentsOf(document: vscode.TextDocument, call: LossCall, subject: Subject): Given {
  const { inputs } = subject;
  const given = new Map<string, ArrayOffer>();
  const selected: ArrayOffer[] = [];
  const written = new Map<string, string>();
  for (const { name, text, literal, start } of call.arguments) {
    const own = inputs.some((input) => input.name === name);
    if (literal === undefined) {
      written.set(name, text);
      continue;
    }
    // A literal that a variable holds stands elsewhere; its mistakes are shown where it is used.
    const array = read(document, literal, (mistake) => (literal === text ? start + mistake : start));
    if (own) given.set(name, offerOf(array, t`argument ${text}`, name));
    else selected.push(offerOf(array, t`argument ${text}`, name || text));
  }
  return { given, selected, written };
}
