/** Every framework symbol that is known: those bound to a loss, and those that are only explained. */

import { t } from '@vscode/l10n';
import type { FrameworkSymbol } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import { explainedSymbols } from './explained/index.ts';
import { kerasSymbols } from './keras/index.ts';
import { korniaSymbols } from './kornia.ts';
import { metricLearningSymbols } from './metric-learning/index.ts';
import { monaiSymbols } from './monai.ts';
import { optaxSymbols } from './optax/index.ts';
import { potSymbols } from './pot.ts';
import { scipySymbols } from './scipy.ts';
import { sklearnSymbols } from './sklearn/index.ts';
import { smpSymbols } from './smp.ts';
import { tensorflowSymbols } from './tensorflow/index.ts';
import { tfjsSymbols } from './tfjs.ts';
import { tfjsLayerSymbols } from './tfjs-layers.ts';
import { torchSymbols } from './torch/index.ts';
import { torchvisionSymbols } from './torchvision.ts';

export const symbols: readonly FrameworkSymbol[] = [
  ...torchSymbols,
  ...torchvisionSymbols,
  ...kerasSymbols,
  ...tensorflowSymbols,
  ...optaxSymbols,
  ...sklearnSymbols,
  ...tfjsSymbols,
  ...tfjsLayerSymbols,
  ...smpSymbols,
  ...monaiSymbols,
  ...korniaSymbols,
  ...metricLearningSymbols,
  ...scipySymbols,
  ...potSymbols,
];

export { explainedSymbols };

/** Why a symbol that is only explained is not evaluated; `undefined` for any other name. */
export function refusalOf(name: string): LossLensError | undefined {
  const symbol = explainedSymbols.find((each) => each.name === name || each.paths.includes(name));
  if (!symbol) return undefined;
  return new LossLensError(
    'not-evaluable',
    t`${symbol.name} cannot be evaluated here: ${symbol.refusal}.`,
    symbol.loss === undefined ? {} : { expected: t`its formula on your arrays, as '${symbol.loss}'` },
  );
}
