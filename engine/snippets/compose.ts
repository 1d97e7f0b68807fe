/** A loss written out in a framework's own operations, where it has no symbol for it. */
import { completeParameters, type Loss } from '../definition.ts';
import type { Reduction } from '../evaluation.ts';
import { type Built, build } from '../problem.ts';
import type { Dialect } from './dialect.ts';
import { isAtom, type Printed, Printer, Uncomparable, type View } from './print.ts';
import { examples, type Setting } from './setting.ts';

export interface Composed {
  /** Functions that the code calls and the framework does not have. */
  readonly helpers: readonly string[];
  /** Parameters that the code reads, with their values. */
  readonly parameters: readonly { readonly name: string; readonly value: number }[];
  /** Assignments, in order. */
  readonly lines: readonly { readonly name: string; readonly code: string }[];
  /** Whether the loss is one number without a reduction: a ratio of sums, a difference of means. */
  readonly whole: boolean;
  /** The reduced loss. */
  readonly loss: string;
  /** By the loss's input names: the gradient of the reduced loss. */
  readonly gradients: Readonly<Record<string, string>>;
}

/** Two means over different samples cannot be summed first. */
const hasMeansOnly = (loss: Loss): boolean => loss.inputs.length === 2 && loss.inputs[0]!.name === 'real';

/**
 * @param differentiates  whether the framework finds the gradients itself; else they are written out
 * @returns `undefined` for a loss that is a hand-written kernel, or that the framework cannot differentiate
 */
export function compose(
  loss: Loss,
  setting: Setting,
  dialect: Dialect,
  differentiates: boolean,
): Composed | undefined {
  try {
    return written(loss, setting, dialect, differentiates);
  } catch (error) {
    if (error instanceof Uncomparable) return undefined;
    throw error;
  }
}

function written(
  loss: Loss,
  setting: Setting,
  dialect: Dialect,
  differentiates: boolean,
): Composed | undefined {
  const definition = { ...loss, name: loss.id };
  const parameters = completeParameters(definition, setting.parameters ?? {});
  const made = Object.entries(setting.roles).filter(([, role]) => role.pass);
  const reduction: Reduction = setting.reduction ?? 'mean';
  const gradientsOf = differentiates ? false : made.map(([name]) => name);
  const reducedBy = (by: Reduction): Built =>
    build(definition, examples(setting), parameters, {
      reduction: by,
      gradients: gradientsOf,
      elements: true,
    });
  const asMean = reducedBy('mean');
  if (asMean.plan.kind === 'kernel') return undefined;
  // A mean over what counts divides by a sum; else the divisor is written once, behind value and gradients that are sums.
  const dividesBySum = reduction === 'mean' && asMean.plan.problem.denominator.kind === 'reduce';
  const built = dividesBySum || hasMeansOnly(loss) ? asMean : reducedBy('sum');
  if (built.plan.kind === 'kernel') return undefined;
  const { problem } = built.plan;
  const inputs = Object.fromEntries(
    Object.entries(setting.roles).map(([input, role]): [string, View] => [
      input,
      {
        name: role.name,
        dims: built.call.arrays[input]!.strides.flatMap((stride, dim) => (stride === 0 ? [] : [dim])),
        inRange: /^(paired-)?class$/.test(role.values),
        made: role.pass !== undefined,
      },
    ]),
  );
  const numbers = Object.entries(parameters).filter(([, value]) => typeof value === 'number');
  const taken = [
    ...numbers.map(([name]) => name),
    'loss',
    'model',
    'inputs',
    'optimizer',
    ...madeOf(setting),
  ];
  const printer = new Printer(
    { dialect, inputs, sizes: problem.sizes, differentiated: differentiates },
    taken,
  );
  const { elements, denominator } = problem;
  const slopes = Object.entries(problem.gradients);
  const [value, count, ...gradients] = printer.print([
    elements!,
    denominator,
    ...slopes.map(([, slope]) => slope),
  ]) as [Printed, Printed, ...Printed[]];
  const rows = printer.extent(elements!.dims & -elements!.dims);
  const total = printer.whole(reduction === 'mean' && !dividesBySum ? 'mean' : 'sum', value);
  const divisor =
    reduction === 'batchmean'
      ? rows
      : reduction === 'mean' && !dividesBySum
        ? printer.extent(elements!.dims)
        : '1';
  const result = {
    helpers: [...printer.helpers].map((name) => dialect.helpers[name]!),
    lines: printer.lines.map(([name, code]) => ({ name, code })),
    whole: elements!.dims === 0,
    loss: dividesBySum
      ? divided(dialect, total, count.code, { isAtom: isAtom(count) })
      : divided(dialect, total, reduction === 'batchmean' ? rows : '1'),
    gradients: Object.fromEntries(
      slopes.map(([input], i) => {
        const { name, dims } = inputs[input]!;
        const { code, repeated } = printer.like(gradients[i]!, dims);
        const scaled = divided(dialect, code, divisor, { isFactor: gradients[i]!.level >= 5 });
        return [input, repeated ? `np.broadcast_to(${scaled}, ${name}.shape)` : scaled];
      }),
    ),
  };
  return {
    ...result,
    parameters: numbers.flatMap(([name, number]) =>
      printer.parameters.has(name) ? [{ name, value: Number(number) }] : [],
    ),
  };
}

function divided(
  dialect: Dialect,
  code: string,
  divisor: string,
  { isFactor = true, isAtom = !divisor.includes(' ') } = {},
): string {
  if (divisor === '1') return code;
  if (!dialect.operators) return `tf.div(${code}, ${divisor})`;
  const over = isAtom ? divisor : `(${divisor})`;
  return `${isFactor ? code : `(${code})`} / ${over}`;
}

/** Names that the forward pass takes. */
function madeOf({ roles, before }: Setting): string[] {
  const passes = [...Object.values(roles).map(({ pass }) => pass), before?.pass];
  return passes.flatMap((pass) => (pass ? [pass.network, pass.of] : []));
}
