/** The checks of JavaScript and TypeScript. */
import type { ScriptLosses } from '../../recognise/script/losses.ts';
import type { Steps } from '../../steps.ts';
import type { Check } from '../check.ts';
import { classTargets } from '../class-targets.ts';
import { crossentropyWithoutActivation } from '../crossentropy-without-activation.ts';
import type { Finding } from '../finding.ts';
import { misplacedReduction } from '../misplaced-reduction.ts';
import { notATensor } from '../not-a-tensor.ts';
import { oneHotIndices } from '../one-hot-indices.ts';
import { run } from '../run.ts';
import { sharedChecks } from '../shared.ts';
import { unknownLoss } from '../unknown-loss.ts';
import { ScriptProgram } from './program.ts';
import type { Types } from './types.ts';

export const scriptChecks: readonly Check<ScriptProgram>[] = [
  crossentropyWithoutActivation,
  classTargets,
  oneHotIndices,
  misplacedReduction,
  unknownLoss,
  notATensor,
];

/** Of every check that a script may fail. */
export const scriptCodes: readonly string[] = [...sharedChecks, ...scriptChecks].map(({ code }) => code);

/** @param types  what a type checker knows of the same text, where there is one */
export function* checkScript(losses: ScriptLosses, types?: Types): Steps<readonly Finding[]> {
  const program = yield* ScriptProgram.reading(losses, types);
  yield* program.readingCalls();
  return yield* run(program, [...sharedChecks, ...scriptChecks]);
}
