/** Frames that are drawn in the real window while a slider is dragged over a million elements. */
import type { Spent } from '../host/bridge.ts';
import { inVSCode, whichVSCode } from './in-vscode.ts';
import { table, write } from './report.ts';
import { digits } from './statistics.ts';

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
  /** Milliseconds of processor time of a move by itself: of the extension host, where the kernels run, and of the window. */
  readonly move: Spent & { readonly host: number };
}

export async function framesPerSecond(project: string): Promise<void> {
  const drags = await inVSCode<readonly Drag[]>(project, 'frames.host-bench.ts');
  if (!drags) {
    write('The window was not measured: VS Code did not start here.');
    return;
  }
  write(
    `In the window: the mouse holds a slider and moves it 60 times a second for three seconds. A frame counts where the value, and what the view shows, were written anew before it was painted. Then the processor time of a move by itself, of all threads, which a busy machine stretches little: ours is the extension host with its kernels, and the scripts, styles and layout of the window, VS Code's own among them; the rest is painting, by software, and putting the window together. ${whichVSCode}.`,
  );
  table(
    ['loss and what moves', 'open', 'values a second', 'views a second', 'ms of processor: ours', 'in all'],
    drags.map(({ loss, parameter, view, seconds, value, shown, move }) => [
      `\`${loss.slice(loss.lastIndexOf('.') + 1)}\`, \`${parameter}\``,
      view,
      digits(value / seconds),
      digits(shown / seconds),
      digits(move.host + move.scripts + move.layout),
      digits(move.host + move.pages + move.pictures),
    ]),
  );
}
