/** Every framework symbol that is bound to a loss. */
import type { FrameworkSymbol } from '../definition.ts';
import { kerasSymbols } from './keras/index.ts';
import { korniaSymbols } from './kornia.ts';
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
  ...scipySymbols,
  ...potSymbols,
];
