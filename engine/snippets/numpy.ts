/** Plain NumPy: a function that returns the loss and its gradient by what a network made. */
import { type Composed, compose } from './compose.ts';
import { numpy as dialect } from './dialect.ts';
import type { Snippet } from './snippet.ts';
import { arraysOf, indented, noteOf, pythonNumber, type Step } from './step.ts';

/** Between equally many samples on a line, the cheapest plan keeps their order. */
const transport: Composed = {
  helpers: [],
  parameters: [],
  lines: [
    { name: 'order', code: 'np.argsort(first)' },
    { name: 'order2', code: 'np.argsort(second)' },
    { name: 'difference', code: 'first[order] - second[order2]' },
    { name: 'gradient_by_first', code: 'np.empty_like(first)' },
    { name: 'gradient_by_first[order]', code: 'np.sign(difference) / first.size' },
    { name: 'gradient_by_second', code: 'np.empty_like(second)' },
    { name: 'gradient_by_second[order2]', code: '-np.sign(difference) / second.size' },
  ],
  whole: true,
  loss: 'np.mean(np.abs(difference))',
  gradients: { first: 'gradient_by_first', second: 'gradient_by_second' },
};

export function numpySnippet(step: Step): Snippet | undefined {
  const { loss, setting } = step;
  const written = loss.id === 'earth-movers-distance' ? transport : compose(loss, setting, dialect, false);
  if (!written) return undefined;
  const roles = Object.entries(setting.roles);
  const name = loss.id.replaceAll('-', '_');
  const options = written.parameters.map(({ name, value }) => `${name}=${pythonNumber(value)}`);
  const slopes = Object.entries(written.gradients);
  const gradientName = (input: string): string => `gradient_by_${setting.roles[input]!.name}`;
  const by = slopes.map(([input]) => setting.roles[input]!.name);
  const reduced = { mean: ': its mean', sum: ': its sum', batchmean: ': its sum by the rows', none: '' };
  const how = written.whole ? '' : reduced[setting.reduction ?? 'mean'];
  const body = [
    `"""${loss.title}${how}, and the gradient by ${listOf(by)}.`,
    '',
    ...roles.map(([, role]) => `${role.name}: ${noteOf(role)}`),
    '"""',
    ...written.lines.map(({ name: variable, code }) => `${variable} = ${code}`),
    `loss = ${written.loss}`,
    ...slopes.flatMap(([input, code]) =>
      code === gradientName(input) ? [] : [`${gradientName(input)} = ${code}`],
    ),
    `return loss, ${slopes.map(([input]) => gradientName(input)).join(', ')}`,
  ];
  const template = [
    ...written.helpers.flatMap((helper) => [helper, '', '']),
    `def ${name}(${[...roles.map(([, role]) => role.name), ...options].join(', ')}):`,
    indented(body.join('\n')),
    '',
    '',
    `loss, ${slopes.map(([input]) => gradientName(input)).join(', ')} = ${name}(${roles.map(([, role]) => `«${role.name}»`).join(', ')})`,
  ].join('\n');
  return {
    framework: 'numpy',
    language: 'python',
    loss: loss.id,
    imports: [{ name: 'np', path: 'numpy', line: 'import numpy as np' }],
    template,
    arrays: arraysOf(step),
  };
}

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
