/** Recognition with the engine's own symbols and catalogue. */
import { explainedSymbols, symbols } from '../frameworks/index.ts';
import { losses } from '../losses/index.ts';
import type { Steps } from '../steps.ts';
import type { PythonDocument } from './python/document.ts';
import type { LossCall, LossSignature, RecognisedLoss } from './recognised.ts';
import {
  type PythonAnalysis,
  type Recogniser,
  recogniser,
  type ScriptAnalysis,
  type SourceDocument,
} from './recogniser.ts';

export type * from './recognised.ts';
export {
  assignedName,
  type CellPlace,
  importedModules,
  inText,
  type PythonAnalysis,
  PythonCells,
  PythonDocument,
  type Recogniser,
  recognisedLanguages,
  recogniser,
  type ScriptAnalysis,
  type SourceDocument,
  sourceDocument,
} from './recogniser.ts';

let ownRecogniser: Recogniser | undefined;

function own(): Recogniser {
  ownRecogniser ??= recogniser([...symbols, ...explainedSymbols], losses);
  return ownRecogniser;
}

/** `Recogniser.findLosses` for every symbol that the engine binds. */
export function findLosses(source: string | SourceDocument, languageId: string): readonly RecognisedLoss[] {
  return own().findLosses(source, languageId);
}

/** `Recogniser.lossAt` for every symbol that the engine binds. */
export function lossAt(
  source: string | SourceDocument,
  offset: number,
  languageId?: string,
): RecognisedLoss | undefined {
  return own().lossAt(source, offset, languageId);
}

/** `Recogniser.callAt` for every symbol that the engine binds. */
export function callAt(
  source: string | SourceDocument,
  offset: number,
  languageId?: string,
): LossCall | undefined {
  return own().callAt(source, offset, languageId);
}

/** `Recogniser.signatureAt` for every symbol that the engine binds. */
export function signatureAt(source: string | PythonDocument, offset: number): LossSignature | undefined {
  return own().signatureAt(source, offset);
}

/** `Recogniser.dependsOnModules` for every symbol that the engine binds. */
export function dependsOnModules(document: PythonDocument): boolean {
  return own().dependsOnModules(document);
}

/** `Recogniser.reading` for every symbol that the engine binds. */
export function reading(document: SourceDocument): Steps {
  return own().reading(document);
}

/** `Recogniser.analysing` for every symbol that the engine binds. */
export function analysing(
  source: string | SourceDocument,
  languageId: string,
): Steps<PythonAnalysis | ScriptAnalysis | undefined> {
  return own().analysing(source, languageId);
}
