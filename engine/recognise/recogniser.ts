/** Which losses a source text names, and how it calls them. Pure text in, plain objects out. */
import type { KnownSymbol } from '../catalogue.ts';
import { finish, type Steps } from '../steps.ts';
import type { SourceDocument } from './document.ts';
import { assignedName as pythonAssignedName } from './python/assigned.ts';
import { callAt as pythonCallAt } from './python/calls.ts';
import { PythonDocument } from './python/document.ts';
import { PythonLosses } from './python/losses.ts';
import { signatureAt as pythonSignatureAt } from './python/signature.ts';
import { Syntax as PythonSyntax } from './python/syntax.ts';
import type { AssignedName, LossCall, LossSignature, RecognisedLoss } from './recognised.ts';
import { assignedName as scriptAssignedName } from './script/assigned.ts';
import { callAt as scriptCallAt } from './script/calls.ts';
import { ScriptDocument, scriptLanguages } from './script/document.ts';
import { ScriptLosses } from './script/losses.ts';
import { TfjsTable } from './script/modules.ts';
import { Syntax as ScriptSyntax } from './script/syntax.ts';
import { type KnownLoss, LossTable } from './table.ts';

export type { SourceDocument } from './document.ts';
export { type CellPlace, PythonCells } from './python/cells.ts';
export { PythonDocument } from './python/document.ts';
export { importedModules } from './python/modules.ts';
export type * from './recognised.ts';

/** VS Code's ids of the languages in which losses are recognised. */
export const recognisedLanguages: readonly string[] = ['python', ...scriptLanguages];

/** A source in one of `recognisedLanguages`, which is analysed once for each version; `undefined` for other languages. */
export function sourceDocument(text: string, languageId: string): SourceDocument | undefined {
  if (languageId === 'python') return new PythonDocument(text);
  return scriptLanguages.includes(languageId) ? new ScriptDocument(text, languageId) : undefined;
}

export interface Recogniser {
  /**
   * Every loss that the source names, in source order: classes and functions wherever they are read, instances
   * where they are read, the string ids that `compile` takes. Not where they are imported or assigned. A parameter
   * holds its default, and in Python what the calls in the same source pass.
   * Sources of other languages than `recognisedLanguages` name none. A document is analysed once for each version.
   */
  findLosses(source: string | SourceDocument, languageId: string): readonly RecognisedLoss[];
  /** The loss whose name the offset touches; also where it is imported, assigned or defined. */
  lossAt(source: string | SourceDocument, offset: number, languageId?: string): RecognisedLoss | undefined;
  /**
   * The call that evaluates a loss: the innermost around the offset, else of the nearest loss on its line.
   * A loss that is only made or named there has its options, but no arguments.
   */
  callAt(source: string | SourceDocument, offset: number, languageId?: string): LossCall | undefined;
  /** What the innermost call around the offset takes, if it calls a loss; the call may be half written. Python only. */
  signatureAt(source: string | PythonDocument, offset: number): LossSignature | undefined;
  /**
   * Whether the answers to what was asked of one place of the document may be others when more is known of the `modules`
   * of it.
   */
  dependsOnModules(document: PythonDocument): boolean;
  /** Reads what the answer about any one place of a document is found from, before it is asked for. */
  reading(document: SourceDocument): Steps;
  /**
   * What the others answer from, for those who look further; `undefined` where nothing can name a loss. Who changes the
   * document meanwhile forgets these steps.
   */
  analysing(
    source: string | SourceDocument,
    languageId: string,
  ): Steps<PythonAnalysis | ScriptAnalysis | undefined>;
}

export interface PythonAnalysis {
  readonly losses: PythonLosses;
  readonly table: LossTable;
}

export interface ScriptAnalysis {
  readonly losses: ScriptLosses;
}

/** What was found in a version of a document. */
interface Analysed {
  readonly version: string;
  readonly whole: boolean;
  readonly found: PythonLosses | ScriptLosses | undefined;
}

/** @param losses  the catalogue: which ids a comment `# loss: id` may give, and which of their arguments are parameters. */
export function recogniser(symbols: readonly KnownSymbol[], losses: readonly KnownLoss[]): Recogniser {
  const table = new LossTable(symbols, losses);
  const tfjs = new TfjsTable(symbols);
  const analysed = new WeakMap<SourceDocument, Analysed>();
  const mayName = (document: SourceDocument): boolean => {
    if (document instanceof ScriptDocument) return tfjs.mayName(document.text);
    const reached = document instanceof PythonDocument ? document.reached() : [document];
    return [...reached].some(({ text }) => table.mayName(text));
  };
  const lossesOf = (document: SourceDocument): PythonLosses | ScriptLosses => {
    if (document instanceof ScriptDocument) return new ScriptLosses(document, tfjs);
    const modules = (name: string) => {
      const module = document instanceof PythonDocument ? document.modules.get(name) : undefined;
      const found = module && analyse(module, 'python');
      return found instanceof PythonLosses ? found : undefined;
    };
    return new PythonLosses(document as PythonDocument, table, modules);
  };
  /** @param whole  to read all of the source: what is asked of one place of Python needs little of it */
  function* analysing(
    document: SourceDocument,
    whole: boolean,
  ): Steps<PythonLosses | ScriptLosses | undefined> {
    const { version } = document;
    const known = analysed.get(document);
    if (known?.version === version && (known.whole || !whole)) return known.found;
    const found = mayName(document) ? lossesOf(document) : undefined;
    if (found instanceof ScriptLosses || whole) yield* found?.reading() ?? [];
    // Somebody who could not wait may have read it meanwhile.
    const latest = analysed.get(document);
    if (latest?.version === version && latest.whole) return latest.found;
    analysed.set(document, { version, whole: whole || !(found instanceof PythonLosses), found });
    return found;
  }
  const analyse = (
    source: string | SourceDocument,
    languageId: string,
    whole = false,
  ): PythonLosses | ScriptLosses | undefined => {
    const document = documentOf(source, languageId);
    return document && finish(analysing(document, whole));
  };
  const analysePython = (source: string | PythonDocument): PythonLosses | undefined => {
    const found = analyse(source, 'python');
    return found instanceof PythonLosses ? found : undefined;
  };
  return {
    findLosses: (source, languageId) =>
      analyse(source, languageId, true)?.named.map(({ reported }) => reported) ?? [],
    lossAt: (source, offset, languageId = 'python') => analyse(source, languageId)?.at(offset),
    callAt(source, offset, languageId = 'python') {
      const found = analyse(source, languageId);
      if (found instanceof ScriptLosses) return scriptCallAt(found, offset);
      return found && pythonCallAt(found, table, offset);
    },
    signatureAt(source, offset) {
      const found = analysePython(source);
      return found && pythonSignatureAt(found, offset);
    },
    dependsOnModules(document) {
      const found = analysePython(document);
      // Where nothing here can name a loss, a module still may.
      return !found || found.dependsOnModules;
    },
    *reading(document) {
      yield* document.parsing();
      yield* analysing(document, false);
    },
    *analysing(source, languageId) {
      const document = documentOf(source, languageId);
      if (!document) return undefined;
      yield* document.parsing();
      const found = yield* analysing(document, true);
      if (!found) return undefined;
      return found instanceof PythonLosses ? { losses: found, table } : { losses: found };
    },
  };
}

/**
 * The name that the literal in `[start, end)` is assigned to or passed as, and the range of the array around it:
 * for `[1., 2.]` in `pred = torch.tensor([1., 2.])`, `pred` and the range of the whole `torch.tensor(…)`.
 */
export function assignedName(
  source: string | SourceDocument,
  start: number,
  end: number,
  languageId = 'python',
): AssignedName {
  const document = documentOf(source, languageId);
  if (!document) return { start, end };
  if (!(document instanceof ScriptDocument))
    return pythonAssignedName(new PythonSyntax(document), start, end);
  const syntax = new ScriptSyntax(document);
  syntax.openAll();
  return scriptAssignedName(syntax, start, end);
}

/** Whether the offset is in a comment or in a string of a Python source, at their ends too. */
export function inText(source: string | PythonDocument, offset: number): boolean {
  const document = documentOf(source, 'python')!;
  const part = document.partAt(offset);
  const place = offset - document.parts[part]!.start;
  for (const side of [-1, 1] as const) {
    const { name, from, to } = document.tree(part).resolveInner(place, side);
    if (name === 'Comment' && from < place) return true;
    if (/String/.test(name) && from < place && place < to) return true;
  }
  return false;
}

/** One text at a time is remembered: asking several things of it parses it once. */
let latest: SourceDocument = new PythonDocument('');

/** A document stands for its own language; `languageId` is that of a plain text. */
function documentOf(source: string | SourceDocument, languageId: string): SourceDocument | undefined {
  if (typeof source !== 'string') return source;
  if (latest.text === source && latest.languageId === languageId) return latest;
  const document = sourceDocument(source, languageId);
  if (document) latest = document;
  return document;
}
