/** Optimal transport: what is moved from where to where, and what that costs. */
import { t } from '@vscode/l10n';
import type { KernelAnswer } from '../../kernels/kernel.ts';
import type { Line } from '../worked.ts';
import type { Asked } from './index.ts';
import { numberText, sumLines, type Term } from './terms.ts';

export function transportLines({ request, nameOf }: Asked, answer: KernelAnswer): readonly Line[] {
  const terms = moves({ request, nameOf }, answer);
  const loss = answer.elements[0]!;
  if (!Number.isFinite(loss)) return [];
  const result = numberText(loss);
  if (terms.length === 0)
    return [{ name: t('loss'), symbols: t('nothing is moved'), numbers: result, result }];
  const { lines, names, values } = sumLines(terms, (count) =>
    count === 1 ? t('1 other move') : t`${count} other moves`,
  );
  return [...lines, { name: t('loss'), symbols: names, numbers: values, result }];
}

/** Mass times its price, for every pair between which some is moved at a price. */
export function moves(
  { request: { inputs, parameters }, nameOf }: Pick<Asked, 'request' | 'nameOf'>,
  { extras }: KernelAnswer,
): readonly Term[] {
  const { data: plan, shape } = extras['plan']!;
  const [n, m] = shape as [number, number];
  const p = Number(parameters['p'] ?? 1);
  const cost = inputs['cost']?.data;
  const [first, second] = [inputs['first']?.data, inputs['second']?.data];
  /** A position by its name; one on a grid is its own number. */
  const place = (array: string, index: number): string => {
    const name = nameOf(array);
    return name === undefined ? String(index) : `${name}[${index}]`;
  };
  const mass = t('mass');
  const terms: Term[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const moved = plan[i * m + j]!;
      const price = cost ? Number(cost[i * m + j]) : Math.abs(Number(first![i]) - Number(second![j])) ** p;
      if (moved === 0 || price === 0) continue;
      const [x, y] = cost ? ['', ''] : [numberText(Number(first![i])), numberText(Number(second![j]))];
      const power = p === 1 ? '' : `^${numberText(p)}`;
      terms.push({
        name: t`move from ${i} to ${j}`,
        symbols: cost
          ? `${mass} · ${nameOf('cost') ?? t('cost')}[${i}, ${j}]`
          : `${mass} · |${place('first', i)} − ${place('second', j)}|${power}`,
        numbers: cost
          ? `${numberText(moved)} · ${numberText(price)}`
          : `${numberText(moved)} · |${x} − ${y.startsWith('-') ? `(${y})` : y}|${power}`,
        value: moved * price,
      });
    }
  }
  return terms;
}
