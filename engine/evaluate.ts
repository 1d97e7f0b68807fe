/** Evaluating a loss: the request checked, the problem built, a backend chosen, the answer put together. */
import { t } from '@vscode/l10n';
import { array, type NdArray, sizeOf, type TypedArray } from './array.ts';
import type { Backend, Result } from './backends/backend.ts';
import { reference } from './backends/reference/interpreter.ts';
import { small } from './backends/small.ts';
import { wasm } from './backends/wasm/backend.ts';
import { gpuKind, hardware, webgpu } from './backends/webgpu/backend.ts';
import { gpuFrom, measureGpu } from './backends/webgpu/device.ts';
import type { LossInfo, SymbolInfo } from './catalogue.ts';
import {
  actsAsInteger,
  type CurveSpec,
  completeParameters,
  type Definition,
  describe,
} from './definition.ts';
import { LossLensError } from './errors.ts';
import type {
  BackendName,
  EvaluateRequest,
  Evaluation,
  Parameters,
  ParameterValue,
  PartName,
  Prepared,
  PrepareRequest,
  Reduction,
  Resident,
  Warning,
} from './evaluation.ts';
import { refusalOf, symbols } from './frameworks/index.ts';
import { position } from './layout.ts';
import { losses } from './losses/index.ts';
import { type Built, build, partProblem, type Wanted } from './problem.ts';
import { Relay } from './relay.ts';
import { residentOf } from './resident.ts';
import { measuredSizes, type Speed, speedsOf, winsFrom } from './speed.ts';

/** Up to this many numbers the plain interpreter answers the first run long before kernels would be compiled. */
const tiny = 4096;

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

/** What is asked, with its inputs checked and the reduction where the definition looks for it. */
function understood(request: PrepareRequest): {
  definition: Definition;
  inputs: Readonly<Record<string, NdArray>>;
  own: Parameters;
  wanted: Wanted;
} {
  const { definition, reduction } = resolve(request.loss);
  const inputs = checkInputs(definition, request.inputs);
  const asked = request.parameters ?? {};
  const hasReduction = definition.parameters.some((parameter) => parameter.name === 'reduction');
  const own: Parameters =
    hasReduction && request.reduction && asked['reduction'] === undefined
      ? { ...asked, reduction: request.reduction }
      : asked;
  const wanted = {
    reduction: checkReduction(request.reduction ?? reduction),
    gradients: request.gradients ?? false,
    elements: request.elements ?? request.resident ?? false,
    resident: request.resident ?? false,
  };
  return { definition, inputs, own, wanted };
}

/**
 * The problem that a request stands for, to be looked into, not run; its elements are there.
 * @throws LossLensError as `prepare` does.
 */
export function problemOf(request: EvaluateRequest): {
  readonly built: Built;
  readonly uniforms: Record<string, number>;
} {
  const { definition, inputs, own, wanted } = understood(request);
  const parameters = completeParameters(definition, own);
  const built = build(definition, inputs, parameters, { ...wanted, elements: true });
  return { built, uniforms: numbersOf(parameters) };
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

/** The parameters that come with each run. */
export const numbersOf = (parameters: Record<string, ParameterValue>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );

/**
 * The definition that a name stands for.
 * @throws LossLensError `unknown-loss`.
 */
export function resolve(name: string): {
  definition: Definition;
  reduction: Reduction;
  curve: (parameters: Parameters) => CurveSpec;
} {
  const loss = losses.find(({ id }) => id === name);
  if (loss) {
    return { definition: { ...loss, name: loss.id }, reduction: loss.reduction, curve: (p) => loss.curve(p) };
  }
  const symbol = symbols.find((candidate) => candidate.name === name || candidate.paths.includes(name));
  if (symbol) return { definition: symbol, reduction: 'mean', curve: (p) => symbol.curve(p) };
  const refusal = refusalOf(name);
  if (refusal) throw refusal;
  throw new LossLensError(
    'unknown-loss',
    t('No loss of the catalogue and no framework symbol has this name.'),
    {
      found: name,
      expected: t`an id such as '${losses[0]!.id}' or a symbol such as 'torch.nn.HuberLoss'`,
    },
  );
}

/**
 * What the catalogue says of a name.
 * @throws LossLensError `unknown-loss`.
 */
export function evaluableNamed(name: string): LossInfo | SymbolInfo {
  const symbol = symbols.find((candidate) => candidate.name === name || candidate.paths.includes(name));
  const found = symbol ?? losses.find(({ id }) => id === name);
  if (!found) throw new LossLensError('unknown-loss', t`Loss Lens knows no loss called '${name}'.`);
  return found;
}

function checkInputs(
  definition: Definition,
  given: Readonly<Record<string, NdArray>>,
): Readonly<Record<string, NdArray>> {
  const known = definition.inputs.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && !known.includes(name)) {
      throw new LossLensError('unknown-input', t`${definition.name} has no input '${name}'.`, {
        found: name,
        expected: known.join(', '),
      });
    }
  }
  const checked: Record<string, NdArray> = {};
  for (const { name, kind, optional, description } of definition.inputs) {
    const value = given[name];
    if (value === undefined) {
      if (optional) continue;
      throw new LossLensError('missing-input', t`${definition.name} needs '${name}': ${description}.`, {
        found: Object.keys(given).join(', ') || t('nothing'),
        expected: known.join(', '),
      });
    }
    if (sizeOf(value.shape) !== value.data.length) array(value.data, { shape: value.shape });
    if (kind === 'integer' && !actsAsInteger(value)) {
      throw new LossLensError(
        'dtype',
        t`'${name}' of ${definition.name} holds class numbers: whole numbers.`,
        {
          found: describe(value),
          expected: t('an integer dtype such as int64'),
        },
      );
    }
    checked[name] = value;
  }
  return checked;
}

const reductions: readonly Reduction[] = ['mean', 'sum', 'none', 'batchmean'];

function checkReduction(reduction: Reduction): Reduction {
  if (reductions.includes(reduction)) return reduction;
  throw new LossLensError('parameter', t('There is no such reduction.'), {
    found: `'${reduction}'`,
    expected: reductions.map((name) => `'${name}'`).join(' or '),
  });
}

/** From how many numbers on an evaluation is faster on the GPU, the way there included. */
async function worth(): Promise<number> {
  if ((await gpuKind()) !== 'hardware') return Number.POSITIVE_INFINITY;
  const cpu = await cpuSpeeds();
  return winsFrom(cpu, await gpuSpeeds(cpu), 'once');
}

const cpuBackend = (): 'wasm' | 'reference' => (wasm.isAvailable() ? 'wasm' : 'reference');

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

/** The backend asked for; or, one after the other, those that may take what the ones before could not. */
function choose(asked: 'auto' | BackendName, numbers: number): readonly Backend[] {
  switch (asked) {
    case 'reference':
      return [reference];
    case 'wasm':
      if (!wasm.isAvailable()) {
        throw new LossLensError('backend-unsupported', t('The wasm backend has no workers here.'), {
          found: t("backend: 'wasm' without configure({ worker })"),
          expected: t("backend: 'auto' or 'reference', or a worker configured"),
        });
      }
      return [wasm];
    case 'webgpu':
      return [webgpu];
    case 'auto': {
      const onCpu = numbers <= tiny || !wasm.isAvailable() ? small : wasm;
      return webgpu.isAvailable() && numbers >= gpuFrom() ? [hardware, onCpu] : [onCpu];
    }
    default:
      throw new LossLensError('backend-unsupported', t('There is no such backend.'), {
        found: `backend: '${asked}'`,
        expected: t("'auto', 'reference', 'wasm' or 'webgpu'"),
      });
  }
}
