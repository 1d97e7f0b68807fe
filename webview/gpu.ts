/** Evaluating here, on the GPU of the machine that shows the panel. Holds the engine: loaded when it may be of use. */
import { t } from '@vscode/l10n';
import * as engine from '../engine/index.ts';
import { fetched } from '../engine/presentation/moving.ts';
import { Session } from '../engine/presentation/session.ts';
import { fromWire, toFailure } from '../engine/presentation/wire.ts';
import type {
  Described,
  Opening,
  Outcome,
  Plot,
  PlotAsked,
  Rows,
  SweepAsked,
  Swept,
  WireParameters,
} from '../extension/panel/protocol.ts';
import { RequestError, type Requests } from './requests.ts';

/** Bytes of arrays that are taken here: some seconds in the background, where the window is far from its host. */
const mostBytes = 64_000_000;

export interface Evaluating {
  evaluate(parameters: WireParameters): Promise<Outcome>;
  rows(run: number, start: number, count: number): Promise<Rows>;
  plot(asked: PlotAsked): Promise<Plot>;
  sweep(asked: SweepAsked): Promise<Swept>;
  dispose(): void;
}

/**
 * Takes the data here and evaluates it once, so that the next evaluation only runs.
 * @throws RequestError why the host evaluates alone; `backend-unsupported` where it is as well off that way
 */
export async function evaluateHere(
  opening: Opening,
  requests: Requests,
  parameters: () => WireParameters,
): Promise<Evaluating> {
  const asked = await requests.ask('describe', {});
  await requireWorth(opening, asked, requests);
  const request = await fetched(asked, async (part) => (await requests.ask('part', part)).data);
  const session = new Session(engine, { ...request, backend: 'webgpu' }, opening);
  const evaluate = (given: WireParameters): Promise<Outcome> =>
    session.evaluate(fromWire(given)).catch(failed);
  try {
    await evaluate(parameters());
  } catch (error) {
    session.dispose();
    throw error;
  }
  return {
    evaluate,
    rows: (run, start, count) => session.rows(run, start, count).catch(failed),
    plot: (given) => session.plot(given).catch(failed),
    sweep: ({ parameters: given, parameter, values, isLast }) =>
      session.sweep(fromWire(given), parameter, values, isLast).catch(failed),
    dispose: () => session.dispose(),
  };
}

async function requireWorth(opening: Opening, { inputs }: Described, requests: Requests): Promise<void> {
  const arrays = Object.values(inputs);
  const bytes = arrays.reduce((sum, array) => sum + array.bytes, 0);
  if (bytes > mostBytes) {
    const size = (all: number): string => `${Math.round(all / 1e6)} MB`;
    throw refusal(t`${size(bytes)} of data are more than the ${size(mostBytes)} that are taken to the GPU.`);
  }
  const numbers = arrays.reduce((sum, { shape }) => sum + engine.sizeOf(shape), 0);
  engine.configure({ gpu: navigator.gpu });
  if (opening.backend === 'webgpu') return;
  if ((await engine.gpuKind()) !== 'hardware') throw refusal(t('The GPU here is a program on the CPU.'));
  const { speeds } = await requests.ask('speeds', {});
  if (numbers < (await winsFrom(speeds))) throw refusal(t('The CPU is as fast.'));
}

let wins: Promise<number> | undefined;

/** From how many numbers on the GPU here is faster than the host's processor, once. */
function winsFrom(cpu: readonly engine.Speed[]): Promise<number> {
  wins ??= engine.gpuSpeeds(cpu).then((gpu) => engine.winsFrom(cpu, gpu, 'again'));
  return wins;
}

const refusal = (message: string): RequestError =>
  new RequestError({ code: 'backend-unsupported', message, details: {} });

const failed = (error: unknown): never => {
  throw new RequestError(toFailure(error));
};
