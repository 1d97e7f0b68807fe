/** The checks of Python. */
import type { PythonAnalysis } from '../../recognise/index.ts';
import type { Steps } from '../../steps.ts';
import { bceUnderAutocast } from '../bce-under-autocast.ts';
import type { Check } from '../check.ts';
import { classAxis } from '../class-axis.ts';
import { deprecatedArguments } from '../deprecated-arguments.ts';
import { diceWithoutActivation } from '../dice-without-activation.ts';
import type { Finding } from '../finding.ts';
import { fromLogits } from '../from-logits.ts';
import { ganRange } from '../gan-range.ts';
import { ignoreIndexIsClass } from '../ignore-index-is-class.ts';
import { klDivInput } from '../kl-div-input.ts';
import { klDivReduction } from '../kl-div-reduction.ts';
import { lpipsRange } from '../lpips-range.ts';
import { nllOfProbabilities } from '../nll-of-probabilities.ts';
import { run } from '../run.ts';
import { sharedChecks } from '../shared.ts';
import { softmaxWithoutDim } from '../softmax-without-dim.ts';
import { targetDtype } from '../target-dtype.ts';
import { PythonProgram } from './program.ts';

export const pythonChecks: readonly Check<PythonProgram>[] = [
  bceUnderAutocast,
  nllOfProbabilities,
  klDivInput,
  klDivReduction,
  fromLogits,
  diceWithoutActivation,
  classAxis,
  targetDtype,
  ignoreIndexIsClass,
  softmaxWithoutDim,
  deprecatedArguments,
  lpipsRange,
  ganRange,
];

export function* checkPython(analysis: PythonAnalysis): Steps<readonly Finding[]> {
  const program = yield* PythonProgram.reading(analysis);
  return yield* run(program, [...sharedChecks, ...pythonChecks]);
}
