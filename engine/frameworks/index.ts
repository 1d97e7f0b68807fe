/** Every framework symbol that is bound to a loss. */
import type { FrameworkSymbol } from '../definition.ts';
import { kerasSymbols } from './keras/index.ts';
import { torchSymbols } from './torch/index.ts';

export const symbols: readonly FrameworkSymbol[] = [...torchSymbols, ...kerasSymbols];
