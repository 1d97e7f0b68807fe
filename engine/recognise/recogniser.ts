/** Which losses a source text names, and how it calls them. Pure text in, plain objects out. */
import type { KnownSymbol } from '../catalogue.ts';
import { assignedName as pythonAssignedName } from './python/assigned.ts';
import { callAt as pythonCallAt } from './python/calls.ts';
import { PythonDocument } from './python/document.ts';
import { PythonLosses } from './python/losses.ts';
import { signatureAt as pythonSignatureAt } from './python/signature.ts';
import { Syntax } from './python/syntax.ts';
import type { AssignedName, LossCall, LossSignature, RecognisedLoss } from './recognised.ts';
import { type KnownLoss, LossTable } from './table.ts';

export { PythonDocument } from './python/document.ts';
export type * from './recognised.ts';

export interface Recogniser {
  /**
   * Every loss that the source names, in source order: classes and functions wherever they are read, instances
   * where they are read, Keras' string ids in `compile`. Not where they are imported or assigned. A parameter holds
   * its default, and what the calls in the same source pass.
   * Sources of other languages than `python` name none. A `PythonDocument` is analysed once for each version.
   */
  findLosses(source: string | PythonDocument, languageId: string): readonly RecognisedLoss[];
  /** The loss whose name the offset touches; also where it is imported, assigned or defined. */
  lossAt(source: string | PythonDocument, offset: number): RecognisedLoss | undefined;
  /**
   * The call that evaluates a loss: the innermost around the offset, else of the nearest loss on its line.
   * A loss that is only made or named there has its options, but no arguments.
   */
  callAt(source: string | PythonDocument, offset: number): LossCall | undefined;
  /** What the innermost call around the offset takes, if it calls a loss; the call may be half written. */
  signatureAt(source: string | PythonDocument, offset: number): LossSignature | undefined;
  /** What the others answer from, for those who look further; `undefined` where nothing can name a loss. */
  analysis(source: string | PythonDocument): Analysis | undefined;
}

export interface Analysis {
  readonly losses: PythonLosses;
  readonly table: LossTable;
}

/** @param losses  the catalogue: which ids a comment `# loss: id` may give, and which of their arguments are parameters. */
export function recogniser(symbols: readonly KnownSymbol[], losses: readonly KnownLoss[]): Recogniser {
  const table = new LossTable(symbols, losses);
  const analysed = new WeakMap<PythonDocument, { text: string; losses: PythonLosses }>();
  const analyse = (source: string | PythonDocument): PythonLosses | undefined => {
    const document = documentOf(source);
    const { text } = document;
    const known = analysed.get(document);
    if (known?.text === text) return known.losses;
    if (!table.mayName(text)) return undefined;
    const found = new PythonLosses(document, table);
    analysed.set(document, { text, losses: found });
    return found;
  };
  return {
    findLosses(source, languageId) {
      if (languageId !== 'python') return [];
      return analyse(source)?.named.map(({ reported }) => reported) ?? [];
    },
    lossAt: (source, offset) => analyse(source)?.at(offset),
    callAt(source, offset) {
      const found = analyse(source);
      return found && pythonCallAt(found, table, offset);
    },
    signatureAt(source, offset) {
      const found = analyse(source);
      return found && pythonSignatureAt(found, offset);
    },
    analysis(source) {
      const found = analyse(source);
      return found && { losses: found, table };
    },
  };
}

/**
 * The name that the literal in `[start, end)` is assigned to or passed as, and the range of the array around it:
 * for `[1., 2.]` in `pred = torch.tensor([1., 2.])`, `pred` and the range of the whole `torch.tensor(…)`.
 */
export function assignedName(source: string | PythonDocument, start: number, end: number): AssignedName {
  const document = documentOf(source);
  return pythonAssignedName(new Syntax(document.text, document.tree), start, end);
}

/** Whether the offset is in a comment or in a string of a Python source, at their ends too. */
export function inText(source: string | PythonDocument, offset: number): boolean {
  const { tree } = documentOf(source);
  for (const side of [-1, 1] as const) {
    const { name, from, to } = tree.resolveInner(offset, side);
    if (name === 'Comment' && from < offset) return true;
    if (/String/.test(name) && from < offset && offset < to) return true;
  }
  return false;
}

/** One text at a time is remembered: asking several things of it parses it once. */
let latest = new PythonDocument('');

function documentOf(source: string | PythonDocument): PythonDocument {
  if (typeof source !== 'string') return source;
  if (latest.text !== source) latest = new PythonDocument(source);
  return latest;
}
