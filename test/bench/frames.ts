/** Frames drawn in the real window while a slider is dragged. */
import type { Spent } from '../host/bridge.ts';

/** A slider of one loss dragged with one view open. */
export interface Drag {
  readonly loss: string;
  readonly parameter: string;
  /** The plot, or the tab. */
  readonly view: string;
  readonly seconds: number;
  /** Frames with another value, and with something else in the view. */
  readonly value: number;
  readonly shown: number;
  /** Milliseconds of processor time: of the extension host, where the kernels run, and of the window. */
  readonly host: number;
  readonly spent: Spent;
}
