/** The symbols of TensorFlow.js, without the rest of the engine. */
import { tfjsSymbols } from '../../engine/frameworks/tfjs.ts';
import { tfjsLayerSymbols } from '../../engine/frameworks/tfjs-layers.ts';
import { TfjsTable } from '../../engine/recognise/script/modules.ts';

export const table = new TfjsTable([...tfjsSymbols, ...tfjsLayerSymbols]);
