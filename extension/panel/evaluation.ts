/** The evaluation itself: its value, rows, plots and sweeps, and its data for who evaluates it too. */
import { cpuSpeeds } from '../../engine/index.ts';
import { described, partOf } from '../../engine/presentation/moving.ts';
import { fromWire } from '../../engine/presentation/wire.ts';
import type { Speed } from '../../engine/speed.ts';
import type { Handlers } from './answer.ts';
import type { EvaluationExchanges } from './protocol.ts';
import type { Shown } from './shown.ts';

let measured: Promise<readonly Speed[]> | undefined;

/** Of this machine's processor, once. */
function speedsHere(): Promise<readonly Speed[]> {
  measured ??= cpuSpeeds();
  return measured;
}

/** Showing the source is for who knows the editor. */
export function evaluationAnswers({
  session,
}: Pick<Shown, 'session'>): Handlers<Omit<EvaluationExchanges, 'reveal'>> {
  return {
    open: async () => (await session()).open(),
    evaluate: async ({ parameters, plot }) => {
      const [own, given] = [await session(), fromWire(parameters)];
      return plot ? own.evaluateWithPlot(given, plot) : own.evaluate(given);
    },
    rows: async ({ run, start, count }) => (await session()).rows(run, start, count),
    plot: async (asked) => (await session()).plot(asked),
    sweep: async ({ parameters, parameter, values, isLast }) =>
      (await session()).sweep(fromWire(parameters), parameter, values, isLast),
    describe: async () => described((await session()).request),
    part: async (asked) => ({ data: partOf((await session()).request, asked) }),
    speeds: async () => ({ speeds: await speedsHere() }),
  };
}
