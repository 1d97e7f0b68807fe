/**
 * Evaluating a loss on more rows than memory holds: part by part through the same kernels, each read while the one
 * before is computed. What is known at the end is the value, what each part contributed, and how large the gradient
 * is, not the gradient itself.
 */

import { t } from '@vscode/l10n';
import { allocate, type NdArray, sizeOf, type TypedArray } from '../array.ts';
import type { Backend, Execution } from '../backends/backend.ts';
import { reference } from '../backends/reference/interpreter.ts';
import { wasm } from '../backends/wasm/backend.ts';
import { completeParameters } from '../definition.ts';
import { LossLensError } from '../errors.ts';
import { evaluate } from '../evaluate.ts';
import type { BackendName, Evaluation, Parameters, Reduction, Warning } from '../evaluation.ts';
import { numbersOf, resolve } from '../request.ts';
import { translated } from '../words.ts';
import { type Decomposed, decompose, merge, type Slope } from './decompose.ts';
import type { RowStream } from './rows.ts';

export interface StreamRequest {
  readonly loss: string;
  /** Inputs that come row by row, all of them with as many rows. */
  readonly streams: Readonly<Record<string, RowStream>>;
  /** Inputs that are the same for all rows: class weights. */
  readonly inputs?: Readonly<Record<string, NdArray>>;
  readonly parameters?: Parameters;
  /** For catalogue losses. */
  readonly reduction?: Reduction;
  /** How large the gradients are. */
  readonly gradients?: boolean;
  /** Of the file, at a time; twice as much is held. */
  readonly partBytes?: number;
  /** @param fraction  of the rows, 0 to 1 */
  readonly report?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** Some rows, one after the other. */
export interface Part {
  readonly start: number;
  readonly rows: number;
  /** The loss of these rows alone. */
  readonly value: number;
}

export interface StreamedEvaluation {
  /** numerator / denominator, of all rows */
  readonly value: number;
  readonly numerator: number;
  readonly denominator: number;
  readonly rows: number;
  /** Of a row, by streamed input. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly parts: readonly Part[];
  /** By input: the gradient's largest magnitude and its Euclidean norm. */
  readonly gradients: Readonly<Record<string, Slope>>;
  /** Inputs whose gradient depends on the totals, so that it would take reading the files twice. */
  readonly withoutGradient: readonly string[];
  /** Elements of the loss that are NaN or infinite, and the first of them. */
  readonly nonFinite: { readonly count: number; readonly first?: readonly number[] };
  readonly warnings: readonly Warning[];
  readonly backend: BackendName;
  readonly dtype: 'float32' | 'float64';
  /** Milliseconds, and how many bytes of numbers were worked through in them. */
  readonly time: number;
  readonly bytes: number;
}

const usualPart = 16 * 2 ** 20;
const largestRow = 64 * 2 ** 20;
/** Parts of fewer numbers are interpreted sooner than kernels are compiled. */
const tiny = 4096;

/**
 * @throws LossLensError `not-streamable` for a loss whose value needs all rows at once; `shape-mismatch` where one
 * stream ends before another; whatever the loss refuses, with the place counted from the start of its part.
 */
export async function evaluateStream(request: StreamRequest): Promise<StreamedEvaluation> {
  const start = performance.now();
  const run = new Run(request);
  try {
    return await run.all(start);
  } finally {
    run.dispose();
  }
}

/** One of the two places that parts are read to in turn. */
interface Slot {
  execution?: Execution;
}

class Run {
  readonly #request: StreamRequest;
  readonly #definition: ReturnType<typeof resolve>['definition'];
  readonly #parameters: ReturnType<typeof completeParameters>;
  readonly #reduction: Reduction;
  readonly #names: readonly string[];
  readonly #rowsAPart: number;
  readonly #slots: readonly [Slot, Slot] = [{}, {}];
  readonly #parts: Part[] = [];
  readonly #warnings = new Map<string, Warning>();
  readonly #backends = new Set<Backend>();
  #whole: Decomposed | undefined;
  #totals: Total[] = [];
  #rows = 0;
  #bytes = 0;
  #nonFinite: { count: number; first?: readonly number[] } = { count: 0 };

  constructor(request: StreamRequest) {
    const { loss, streams, parameters = {}, reduction, partBytes = usualPart } = request;
    const { definition, reduction: usual } = resolve(loss);
    this.#request = request;
    this.#definition = definition;
    const own = definition.parameters.some(({ name }) => name === 'reduction');
    this.#parameters = completeParameters(
      definition,
      own && reduction && parameters['reduction'] === undefined ? { ...parameters, reduction } : parameters,
    );
    this.#reduction = reduction ?? usual;
    this.#names = Object.keys(streams);
    checkNames(definition, [...this.#names, ...Object.keys(request.inputs ?? {})]);
    const rowBytes = Object.values(streams).reduce((sum, { shape }) => sum + 8 * sizeOf(shape), 0);
    if (rowBytes > largestRow) {
      throw new LossLensError('too-large', t('A row is too large to be worked through at once.'), {
        found: t`${rowBytes} bytes`,
        expected: t`at most ${largestRow}`,
      });
    }
    const halved = Object.values(streams).every(({ dtype }) => dtype === 'float32') ? 2 : 1;
    this.#rowsAPart = Math.max(1, Math.floor((halved * partBytes) / Math.max(rowBytes, 1)));
  }

  async all(start: number): Promise<StreamedEvaluation> {
    const { report, signal } = this.#request;
    let reading = this.#read(this.#slots[0]);
    for (let k = 0; ; k++) {
      const given = await reading;
      const rows = given[this.#names[0]!]!.shape[0]!;
      if (rows === 0 && k > 0) break;
      signal?.throwIfAborted();
      // The next part is read while this one is computed.
      const slot = this.#slots[k % 2]!;
      reading = this.#read(this.#slots[(k + 1) % 2]!);
      reading.catch(() => undefined);
      await this.#compute(slot, given, rows);
      report?.(Math.min(...Object.values(this.#request.streams).map((stream) => stream.fraction())));
      if (rows === 0) break;
    }
    signal?.throwIfAborted();
    return this.#result(start);
  }

  /** The next rows of all streams, where the kernels of that slot will look for them if that is possible. */
  async #read({ execution }: Slot): Promise<Record<string, NdArray>> {
    const { streams, inputs } = this.#request;
    const given: Record<string, NdArray> = { ...inputs };
    await Promise.all(
      this.#names.map(async (name) => {
        const room = execution?.room?.(name);
        given[name] = await streams[name]!.next(this.#rowsAPart, fits(room, streams[name]!, this.#rowsAPart));
      }),
    );
    const lengths = this.#names.map((name) => given[name]!.shape[0]!);
    if (lengths.some((length) => length !== lengths[0])) {
      throw new LossLensError('shape-mismatch', t('The arrays differ in how many rows they have.'), {
        found: this.#names.map((name, i) => `${name} ${this.#rows + lengths[i]!}`).join(', '),
        expected: t('as many rows of each'),
      });
    }
    return given;
  }

  async #compute(slot: Slot, given: Readonly<Record<string, NdArray>>, rows: number): Promise<void> {
    const { gradients = false, signal } = this.#request;
    const part = this.#decompose(given, gradients);
    this.#requireAlike(part, given, rows);
    const backend = this.#backendFor(given);
    slot.execution = backend.prepare(part.problem, slot.execution);
    this.#backends.add(backend);
    const uniforms = numbersOf(this.#parameters);
    const { numerator, totals = [] } = await slot.execution.run(uniforms, signal);
    const numbers = [numerator, ...totals];
    this.#whole ??= part;
    if (this.#totals.length === 0) this.#totals = part.merges.map((how) => new Total(how));
    for (const [i, total] of this.#totals.entries()) total.add(numbers[i]!);
    const own = part.value(numbers, rows, uniforms);
    if (rows > 0) this.#parts.push({ start: this.#rows, rows, value: own.numerator / own.denominator });
    if (numbers.slice(0, part.count).some((number) => !Number.isFinite(number)))
      await this.#findNonFinite(given);
    for (const warning of part.call.warnings) this.#warnings.set(warning.code + warning.message, warning);
    this.#rows += rows;
    for (const name of this.#names) this.#bytes += given[name]!.data.byteLength;
  }

  #backendFor(given: Readonly<Record<string, NdArray>>): Backend {
    const numbers = Object.values(given).reduce((sum, { data }) => sum + data.length, 0);
    return wasm.isAvailable() && numbers > tiny ? wasm : reference;
  }

  #decompose(given: Readonly<Record<string, NdArray>>, gradients: boolean): Decomposed {
    const wanted = { reduction: this.#reduction, gradients };
    return decompose(this.#definition, given, this.#parameters, wanted, this.#names);
  }

  /**
   * A program may count the rows that it is given, or look at what is in them, and then computes something else of
   * the next ones. So the first part is tried with another number of rows, and the later ones have to be as the first.
   */
  #requireAlike(part: Decomposed, given: Readonly<Record<string, NdArray>>, rows: number): void {
    const { gradients = false } = this.#request;
    const other = this.#whole ?? this.#decompose(this.#withOtherRows(given, rows), gradients);
    if (other.text === part.text) return;
    throw new LossLensError(
      'not-streamable',
      t`${this.#definition.name} computes something else of other rows.`,
      {
        found: this.#whole
          ? t`another loss from row ${this.#rows} on`
          : t('a number that depends on how many rows there are'),
        expected: t('a loss whose rows add up to its value, or arrays that fit into memory'),
      },
    );
  }

  /** A row less; of a single one, two. */
  #withOtherRows(given: Readonly<Record<string, NdArray>>, rows: number): Record<string, NdArray> {
    const other = rows === 1 ? 2 : Math.max(0, rows - 1);
    const changed = this.#names.map((name) => {
      const { shape, data, ...rest } = given[name]!;
      const [, ...row] = shape;
      const part = allocate(rest.dtype, other * sizeOf(row));
      const from = data.subarray(0, part.length);
      for (let at = 0; at < part.length; at += from.length)
        (part as Float64Array).set(from as Float64Array, at);
      return [name, { ...rest, shape: [other, ...row], data: part }] as const;
    });
    return { ...given, ...Object.fromEntries(changed) };
  }

  async #findNonFinite(given: Readonly<Record<string, NdArray>>): Promise<void> {
    const { loss, signal } = this.#request;
    const copies = Object.fromEntries(
      Object.entries(given).map(([name, array]) => [
        name,
        { ...array, data: array.data.slice() as TypedArray },
      ]),
    );
    const { nonFinite }: Pick<Evaluation, 'nonFinite'> = await evaluate({
      loss,
      inputs: copies,
      parameters: this.#parameters,
      reduction: this.#reduction,
      ...(signal && { signal }),
    });
    const [row, ...rest] = nonFinite.first ?? [];
    this.#nonFinite = {
      count: this.#nonFinite.count + nonFinite.count,
      ...(this.#nonFinite.first
        ? { first: this.#nonFinite.first }
        : row !== undefined && { first: [this.#rows + row, ...rest] }),
    };
  }

  #result(start: number): StreamedEvaluation {
    const whole = this.#whole!;
    const totals = this.#totals.map(({ value }) => value);
    const uniforms = numbersOf(this.#parameters);
    const { numerator, denominator } = whole.value(totals, this.#rows, uniforms);
    return {
      value: numerator / denominator,
      numerator,
      denominator,
      rows: this.#rows,
      shapes: Object.fromEntries(this.#names.map((name) => [name, this.#request.streams[name]!.shape])),
      parts: this.#parts,
      gradients: whole.slopes(totals, this.#rows, uniforms),
      withoutGradient: whole.withoutSlope,
      nonFinite: this.#nonFinite,
      warnings: [...this.#warnings.values()],
      backend: [...this.#backends].some(({ name }) => name === 'wasm') ? 'wasm' : 'reference',
      dtype: whole.problem.dtype,
      time: performance.now() - start,
      bytes: this.#bytes,
    };
  }

  dispose(): void {
    for (const { execution } of this.#slots) execution?.dispose();
  }
}

/** The kernels' room, if it is for a whole part of this stream. */
function fits(room: TypedArray | undefined, stream: RowStream, rows: number): TypedArray | undefined {
  return room &&
    stream.dtype === 'float32' &&
    room instanceof Float32Array &&
    room.length === rows * sizeOf(stream.shape)
    ? room
    : undefined;
}

/** A sum of many sums, with what rounding loses carried along (Neumaier). */
class Total {
  readonly #how: Decomposed['merges'][number];
  #value: number | undefined;
  #lost = 0;

  constructor(how: Decomposed['merges'][number]) {
    this.#how = how;
  }

  add(number: number): void {
    const before = this.#value;
    if (before === undefined) {
      this.#value = number;
      return;
    }
    const next = merge(this.#how)(before, number);
    if (this.#how === 'sum' && Number.isFinite(next)) {
      this.#lost += Math.abs(before) >= Math.abs(number) ? before - next + number : number - next + before;
    }
    this.#value = next;
  }

  get value(): number {
    return this.#value! + (Number.isFinite(this.#value!) ? this.#lost : 0);
  }
}

function checkNames(definition: ReturnType<typeof resolve>['definition'], given: readonly string[]): void {
  const known = definition.inputs.map(({ name }) => name);
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new LossLensError('unknown-input', t`${definition.name} has no input '${unknown}'.`, {
      found: unknown,
      expected: known.join(', '),
    });
  }
  const missing = definition.inputs.find(({ name, optional }) => !optional && !given.includes(name));
  if (!missing) return;
  throw new LossLensError(
    'missing-input',
    t`${definition.name} needs '${missing.name}': ${translated(missing.description)}.`,
    {
      found: given.join(', ') || t('nothing'),
      expected: known.join(', '),
    },
  );
}
