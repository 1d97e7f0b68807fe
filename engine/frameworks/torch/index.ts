/**
 * `torch.nn` and `torch.nn.functional`, as torch 2.13 computes them. Every number, refusal and warning here was measured
 * (test/golden/NOTES.md) and is held to torch's own answers by test/golden/data/torch.json.
 */
import type { FrameworkSymbol } from '../../definition.ts';
import { classificationSymbols } from './classification.ts';
import { ctcSymbols } from './ctc.ts';
import { likelihoodSymbols } from './likelihood.ts';
import { marginSymbols } from './margins.ts';
import { rankingSymbols } from './ranking.ts';
import { regressionSymbols } from './regression.ts';

export const torchSymbols: readonly FrameworkSymbol[] = [
  ...regressionSymbols,
  ...classificationSymbols,
  ...ctcSymbols,
  ...marginSymbols,
  ...rankingSymbols,
  ...likelihoodSymbols,
];
