/** The kernel that merges the shares which others leave in `scratch`. */
import type { Reduction } from '../../../language/expression.ts';
import { functionsFor } from '../math.ts';
import { combine, entry, header, identity, scratch, variable, word, workgroupFunctions } from './pieces.ts';

/** Invocations that merge the shares of one result. */
const merging = 256;

/** What a merge is told: how many results, each of how many shares, and where in `scratch` they and it lie. */
export interface Merge {
  readonly results: number;
  readonly shares: number;
  readonly from: number;
  /** From a share to the next one of its result, and from a result's first to the next one's. */
  readonly step: number;
  readonly stride: number;
  readonly to: number;
}

export const mergeWords = ({ results, shares, from, step, stride, to }: Merge): number[] => [
  results,
  shares,
  from,
  step,
  stride,
  to,
];

/** The kernel that merges shares; its words are `mergeWords`, its one buffer `scratch`. */
export function mergeText(reduction: Reduction): string {
  const [results, shares, from, step, stride, to] = mergeWords({
    results: 0,
    shares: 1,
    from: 2,
    step: 3,
    stride: 4,
    to: 5,
  }).map(word);
  const memory = variable(0);
  const share = `${memory}[${from} + i * ${step} + result * ${stride}]`;
  const text = [
    header([scratch], 6),
    workgroupFunctions([reduction], merging),
    entry(merging),
    `for (var result = group.x; result < ${results}; result += groups.x) {`,
    `var merged = ${identity[reduction]};`,
    `for (var i = own; i < ${shares}; i += ${merging}u) {`,
    `merged = ${combine[reduction]('merged', share)};`,
    '}',
    `merged = ${reduction}OfWorkgroup(own, merged);`,
    `if (own == 0u) { ${memory}[${to} + result] = merged; }`,
    '}',
    '}',
  ].join('\n');
  return `${text}\n${functionsFor(text)}`;
}
