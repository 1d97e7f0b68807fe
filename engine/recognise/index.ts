/** Recognition with the engine's own symbols and catalogue. */
import { explainedSymbols, symbols } from '../frameworks/index.ts';
import { losses } from '../losses/index.ts';
import type { PythonDocument } from './python/document.ts';
import type { LossCall, LossSignature, RecognisedLoss } from './recognised.ts';
import { type Analysis, type Recogniser, recogniser } from './recogniser.ts';

export type * from './recognised.ts';
export {
  type Analysis,
  assignedName,
  inText,
  PythonDocument,
  type Recogniser,
  recogniser,
} from './recogniser.ts';

let ownRecogniser: Recogniser | undefined;

function own(): Recogniser {
  ownRecogniser ??= recogniser([...symbols, ...explainedSymbols], losses);
  return ownRecogniser;
}

/** `Recogniser.findLosses` for every symbol that the engine knows. */
export function findLosses(source: string | PythonDocument, languageId: string): readonly RecognisedLoss[] {
  return own().findLosses(source, languageId);
}

/** `Recogniser.lossAt` for every symbol that the engine knows. */
export function lossAt(source: string | PythonDocument, offset: number): RecognisedLoss | undefined {
  return own().lossAt(source, offset);
}

/** `Recogniser.callAt` for every symbol that the engine knows. */
export function callAt(source: string | PythonDocument, offset: number): LossCall | undefined {
  return own().callAt(source, offset);
}

/** `Recogniser.signatureAt` for every symbol that the engine binds. */
export function signatureAt(source: string | PythonDocument, offset: number): LossSignature | undefined {
  return own().signatureAt(source, offset);
}

/** `Recogniser.analysis` for every symbol that the engine binds. */
export function analysis(source: string | PythonDocument): Analysis | undefined {
  return own().analysis(source);
}
