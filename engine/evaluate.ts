/** Evaluating a loss: the problem built, a backend chosen, the answer put together. */
import { t } from '@vscode/l10n';
import type { NdArray, TypedArray } from './array.ts';
import type { Backend, Result } from './backends/backend.ts';
import { choose, cpuBackend } from './backends/choose.ts';
import { gpuKind } from './backends/webgpu/backend.ts';
import { measureGpu } from './backends/webgpu/device.ts';
import { completeParameters } from './definition.ts';
import { LossLensError } from './errors.ts';
import type {
  BackendName,
  EvaluateRequest,
  Evaluation,
  Parameters,
  PartName,
  Prepared,
  PrepareRequest,
  Resident,
  Warning,
} from './evaluation.ts';
import { position } from './layout.ts';
import { type Built, build, partProblem } from './problem.ts';
import { Relay } from './relay.ts';
import { numbersOf, understood } from './request.ts';
import { residentOf } from './resident.ts';
import { measuredSizes, type Speed, speedsOf, winsFrom } from './speed.ts';

/** Prepares, runs and disposes. */
export async function evaluate(request: EvaluateRequest): Promise<Evaluation> {
  const prepared = prepare(request);
  try {
    const evaluation = await prepared.run();
    const own = (view: NdArray): NdArray => ({ ...view, data: view.data.slice() as TypedArray });
    return {
      ...evaluation,
      value: own(evaluation.value),
      gradients: Object.fromEntries(
        Object.entries(evaluation.gradients).map(([name, gradient]) => [name, own(gradient)]),
      ),
      ...(evaluation.elements && { elements: own(evaluation.elements) }),
    };
  } finally {
    prepared.dispose();
  }
}

/**
 * Places the data and builds the kernels once; every `run` after that only computes. A parameter that shapes the
 * program (an axis, a flag) builds it anew.
 * @throws LossLensError for what the loss refuses: shapes, dtypes, labels, probabilities, parameters.
 */
export function prepare(request: PrepareRequest): Prepared {
  const { definition, inputs, own, wanted } = understood(request);
  let parameters = completeParameters(definition, own);
  let built = build(definition, inputs, parameters, wanted);
  const numbers = numbersIn(inputs, built);
  const asksAuto = request.backend === undefined || request.backend === 'auto';
  const relay = new Relay(choose(request.backend ?? 'auto', numbers), built);
  let scan: Relay | undefined;

  const endScan = (): void => {
    scan?.dispose();
    scan = undefined;
  };

  /** The elements, when only the value was asked for and it turned out not to be finite. */
  const elementsOf = async (uniforms: Record<string, number>): Promise<TypedArray> => {
    scan ??= new Relay(
      relay.backends,
      build(definition, inputs, parameters, { ...wanted, gradients: false, elements: true }),
    );
    return (await scan.run(uniforms, request.signal)).elements!;
  };

  const run = async (changed: Parameters | undefined): Promise<Evaluation> => {
    if (request.signal?.aborted) throw new LossLensError('cancelled', t('The evaluation was cancelled.'));
    if (changed) {
      const next = completeParameters(definition, { ...own, ...changed });
      if (!built.call.isSameFor(next)) {
        const rebuilt = build(definition, inputs, next, wanted);
        endScan();
        relay.replace(rebuilt);
        built = rebuilt;
      }
      parameters = next;
    }
    const uniforms = numbersOf(parameters);
    const result = await relay.run(uniforms, request.signal);
    const finite = Number.isFinite(result.numerator);
    const elements = result.elements ?? (finite ? undefined : await elementsOf(uniforms));
    const warnings = [...built.call.warnings, ...relay.takeWarnings()];
    const suspects = finite ? undefined : elements;
    if (asksAuto && numbers >= measuredSizes(cpuBackend())[0]) measureGpu(worth);
    const by = result.backend ?? relay.backend;
    const evaluation = assemble(built, result, wanted.elements, by, suspects, warnings);
    if (!wanted.resident) return evaluation;
    const shown = built;
    const part: Resident['part'] = (name) => partOf(shown, name, relay.backends, uniforms, request.signal);
    return { ...evaluation, resident: residentOf(built, result, part) };
  };

  /** Runs share their memory, so one that is asked for in the middle of another waits for its end. */
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(changed): Promise<Evaluation> {
      const result = last.then(() => run(changed));
      last = result.catch(() => undefined);
      return result;
    },
    dispose() {
      endScan();
      relay.dispose();
    },
  };
}

/** What a program names on the way, as an array over the dimensions that it varies along. */
async function partOf(
  built: Built,
  name: PartName,
  backends: readonly Backend[],
  uniforms: Record<string, number>,
  signal: AbortSignal | undefined,
): Promise<NdArray> {
  const part = built.parts[name]!;
  const problem = partProblem(built, part);
  const relay = new Relay(backends, { ...built, plan: { kind: 'expression', problem } });
  try {
    const { elements, dtype } = await relay.run(uniforms, signal);
    return { dtype, shape: built.call.space.shape(part.dims), data: elements!.slice() as TypedArray };
  } finally {
    relay.dispose();
  }
}

function assemble(
  { call, reduction, elementShape }: Built,
  result: Result,
  withElements: boolean,
  backend: BackendName,
  suspects: TypedArray | undefined,
  warnings: readonly Warning[],
): Evaluation {
  const float = (data: TypedArray, shape: readonly number[]): NdArray => ({
    dtype: data instanceof Float32Array ? 'float32' : 'float64',
    shape,
    data,
  });
  const quotient = result.numerator / result.denominator;
  const scalar = result.dtype === 'float32' ? Float32Array.of(quotient) : Float64Array.of(quotient);
  const elements = result.elements && float(result.elements, elementShape);
  return {
    value: reduction === 'none' ? elements! : float(scalar, []),
    gradients: Object.fromEntries(
      Object.entries(result.gradients).map(([name, data]) => [name, float(data, call.shape(name))]),
    ),
    numerator: result.numerator,
    denominator: result.denominator,
    ...(withElements && elements && { elements }),
    warnings,
    nonFinite: suspects ? countNonFinite(suspects, elementShape) : { count: 0 },
    extras: result.extras ?? {},
    backend,
    dtype: result.dtype,
    timing: result.timing,
  };
}

function countNonFinite(data: TypedArray, shape: readonly number[]): Evaluation['nonFinite'] {
  let count = 0;
  let first = -1;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    if (count++ === 0) first = i;
  }
  return count === 0 ? { count } : { count, first: position(shape, first) };
}

/** From how many numbers on an evaluation is faster on the GPU, the way there included. */
async function worth(): Promise<number> {
  if ((await gpuKind()) !== 'hardware') return Number.POSITIVE_INFINITY;
  const cpu = await cpuSpeeds();
  return winsFrom(cpu, await gpuSpeeds(cpu), 'once');
}

/** How fast the CPU is here. */
export const cpuSpeeds = (): Promise<readonly Speed[]> =>
  speedsOf(cpuBackend(), prepare, measuredSizes(cpuBackend()));

/** How fast the GPU is here, on the sizes of what it is to be compared with. */
export const gpuSpeeds = (cpu: readonly Speed[]): Promise<readonly Speed[]> =>
  speedsOf('webgpu', prepare, [...new Set(cpu.map(({ numbers }) => numbers))]);

/** How many there are to work through: those of the inputs, and a network's weights. */
function numbersIn(inputs: Readonly<Record<string, NdArray>>, { plan }: Built): number {
  const network = plan.kind === 'kernel' ? plan.kernel.body.network?.network : undefined;
  const arrays = [...Object.values(inputs), ...Object.values(network?.constants ?? {})];
  return arrays.reduce((total, { data }) => total + data.length, 0);
}
