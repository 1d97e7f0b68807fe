/** Contract checks: where a call of a loss and what it is given contradict each other. Pure text in, plain objects out. */
import { analysis } from '../recognise/index.ts';
import type { PythonDocument } from '../recognise/python/document.ts';
import { bceOfLogits } from './bce-of-logits.ts';
import { bceUnderAutocast } from './bce-under-autocast.ts';
import { broadcastShapes } from './broadcast-shapes.ts';
import type { Check } from './check.ts';
import { classAxis } from './class-axis.ts';
import { deprecatedArguments } from './deprecated-arguments.ts';
import { diceWithoutActivation } from './dice-without-activation.ts';
import type { Finding } from './finding.ts';
import { fromLogits } from './from-logits.ts';
import { ganRange } from './gan-range.ts';
import { ignoreIndexIsClass } from './ignore-index-is-class.ts';
import { Ignored } from './ignored.ts';
import { klDivInput } from './kl-div-input.ts';
import { klDivReduction } from './kl-div-reduction.ts';
import { logSoftmaxBeforeCrossEntropy } from './log-softmax-before-cross-entropy.ts';
import { lpipsRange } from './lpips-range.ts';
import { nllOfProbabilities } from './nll-of-probabilities.ts';
import { nonDifferentiable } from './non-differentiable.ts';
import { Program } from './program.ts';
import { sigmoidBeforeBceWithLogits } from './sigmoid-before-bce-with-logits.ts';
import { softmaxBeforeCrossEntropy } from './softmax-before-cross-entropy.ts';
import { softmaxWithoutDim } from './softmax-without-dim.ts';
import { swappedArguments } from './swapped-arguments.ts';
import { targetDtype } from './target-dtype.ts';

export type { Check } from './check.ts';
export type * from './finding.ts';

/** Every check; each has a page of its code's name beside it. */
export const checks: readonly Check[] = [
  softmaxBeforeCrossEntropy,
  logSoftmaxBeforeCrossEntropy,
  sigmoidBeforeBceWithLogits,
  bceOfLogits,
  bceUnderAutocast,
  nllOfProbabilities,
  klDivInput,
  klDivReduction,
  fromLogits,
  diceWithoutActivation,
  broadcastShapes,
  classAxis,
  targetDtype,
  ignoreIndexIsClass,
  nonDifferentiable,
  swappedArguments,
  softmaxWithoutDim,
  deprecatedArguments,
  lpipsRange,
  ganRange,
];

/** Code units beyond which a source is no program that a person wrote, and is not checked. */
const longest = 1_000_000;

/**
 * What is surely wrong with the losses of a source, in source order; nothing for other languages than `python`.
 * Of a notebook, give the document of its `PythonCells`, which say afterwards in which cell an offset is.
 */
export function check(source: string | PythonDocument, languageId: string): readonly Finding[] {
  const text = typeof source === 'string' ? source : source.text;
  if (languageId !== 'python' || text.length > longest) return [];
  const found = analysis(source);
  if (!found) return [];
  const program = new Program(found);
  const ignored = new Ignored(program.syntax);
  const findings = checks.flatMap(({ code, severity, find }) =>
    find(program).map((problem): Finding => ({ ...problem, code, severity })),
  );
  return findings
    .filter(({ code, start, end }) => !ignored.silences(code, start, end))
    .sort((left, right) => left.start - right.start || left.end - right.end);
}
