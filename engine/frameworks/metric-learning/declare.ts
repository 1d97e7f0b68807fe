/** How the losses are declared, and what all of them take. */
import { floatInput } from '../../definition.ts';
import { type Argument, inputArgument, parameterArgument, withDefault } from '../symbol.ts';

const callable = (name: string, description: string): Argument => {
  const { argument, parameter } = parameterArgument({
    name,
    kind: 'choice',
    choices: [null],
    default: null,
    description,
  });
  return { argument: { ...argument, keywordOnly: true }, parameter };
};
export const number = (name: string, value: number, description: string): Argument =>
  withDefault(parameterArgument({ name, kind: 'number', default: value, description }), String(value));
export const flag = (name: string, description: string): Argument =>
  parameterArgument({ name, kind: 'boolean', default: false, description });

/** What a constructor takes that is never run: its defaults alone can be evaluated. */
export const own = (distance: string, reducer: string): Argument[] => [
  callable('distance', `only the default can be evaluated here: ${distance}`),
  callable('reducer', `only the default can be evaluated here: ${reducer}`),
  callable('embedding_regularizer', 'only the default can be evaluated here: none'),
];
export const ofHinges = own('the Euclidean distance of normalised rows', 'the mean of what is above 0');
const classes = (name: string, description: string, optional: boolean): Argument =>
  inputArgument({ name, kind: 'any', optional, description });
export const rows = [
  inputArgument(floatInput('embeddings', 'vectors, [N, D]')),
  classes('labels', 'a class number for each, [N]', false),
  parameterArgument({
    name: 'indices_tuple',
    kind: 'choice',
    choices: [null],
    default: null,
    description: 'a miner’s choice of pairs or triplets, which cannot be evaluated here: all of them',
  }),
  inputArgument(
    floatInput('ref_emb', 'what is compared with, [M, D]: the rows themselves unless given', true),
  ),
  classes('ref_labels', 'their class numbers, [M]', true),
];

export const paths = (name: string, module: string): string[] => [
  `pytorch_metric_learning.losses.${name}`,
  `pytorch_metric_learning.losses.${module}.${name}`,
];
export const replaced =
  'A `distance`, `reducer`, `embedding_regularizer` or miner of yours changes the number and cannot be evaluated here.';
export const caveats = [
  'Embeddings are normalised to length 1 first, so distances lie between 0 and 2.',
  'The mean is over what is above 0 alone: it does not fall as pairs get done, and two batches’ losses are means over different counts.',
  replaced,
  'Above 25 rows torch measures distances through a matrix product, which costs small ones digits in float32; here they are exact.',
];
