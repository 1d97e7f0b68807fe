import { t } from '@vscode/l10n';
import { argumentsOf, isExpression, type Node, none, unwrap } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import type { Problem } from './finding.ts';
import { neutral, rearranging } from './python/operations.ts';
import type { PythonProgram } from './python/program.ts';
import { operationHere, range } from './reading.ts';
import type { Maker } from './tensor.ts';

/** torchvision's transforms that leave the range of the numbers as it is. */
const geometric =
  /^(Resize|CenterCrop|RandomCrop|RandomResizedCrop|RandomHorizontalFlip|RandomVerticalFlip|RandomRotation|Pad|Grayscale)$/;
/** Expressions that are followed to a data set. */
const longest = 16;

/** A discriminator that sees real images in [0, 1], and those of a generator in [−1, 1]. */
export const ganRange: Check<PythonProgram> = {
  code: 'gan-range',
  severity: 'warning',
  find: (program) => {
    const { syntax, tensors } = program;
    if (!/\bToTensor\b/.test(syntax.text) || !/tanh/i.test(syntax.text)) return [];
    const fakes = new Map<string, Maker>();
    const reals = new Map<string, { readonly passed: Node; readonly made: Node }>();
    for (let node = 0; node < syntax.size; node++) {
      if (syntax.name(node) !== 'CallExpression') continue;
      const callee = syntax.first[node]!;
      const [first] = argumentsOf(syntax, node);
      if (!first || first.keyword || !/^(VariableName|MemberExpression)$/.test(syntax.name(callee))) continue;
      if (!/^(own|sequence)$/.test(tensors.layers.of(callee)?.kind ?? '')) continue;
      const { form, maker } = tensors.of(first.value);
      const name = syntax.source(callee);
      if (form === 'tanh' && maker) fakes.set(name, maker);
      const made = form ? none : toTensorOf(program, first.value);
      if (made !== none && !reals.has(name)) reals.set(name, { passed: first.value, made });
    }
    return [...reals].flatMap(([name, { passed, made }]): Problem[] => {
      const tanh = fakes.get(name);
      if (tanh === undefined) return [];
      return [
        {
          ...range(program, passed),
          message: t`${name} sees these images in [0, 1], as ToTensor makes them, and the generator's in [−1, 1], as tanh makes them: it can tell them apart by their range alone. Add Normalize((0.5,), (0.5,)) behind ToTensor.`,
          related: [
            { ...range(program, made), message: t('The images are made here.') },
            operationHere(program, tanh, 'tanh'),
          ],
          fixes: [],
        },
      ];
    });
  },
};

/** The `ToTensor()` that made the images of a batch, where nothing since has changed their numbers; else `none`. */
function toTensorOf(program: PythonProgram, images: Node): Node {
  const { syntax } = program;
  let node = unwrap(syntax, images);
  for (let step = 0; step < longest; step++) {
    if (syntax.name(node) === 'CallExpression') {
      const callee = syntax.first[node]!;
      const method = syntax.property(callee);
      const path = program.path(callee);
      if (path === 'torch.autograd.Variable')
        node = unwrap(syntax, argumentsOf(syntax, node)[0]?.value ?? none);
      else if (path === undefined && method !== none && keeps(syntax.source(method)))
        node = unwrap(syntax, syntax.first[callee]!);
      else return none;
      continue;
    }
    const assigned = program.assigned(node);
    if (assigned !== undefined) {
      node = unwrap(syntax, assigned);
      continue;
    }
    return transformOf(program, loaderOf(program, node));
  }
  return none;
}

const keeps = (method: string): boolean => neutral.has(method) || rearranging.has(method);

/** The loader in `for images, _ in loader` and `for i, (images, _) in enumerate(loader)`. */
function loaderOf(program: PythonProgram, word: Node): Node {
  const { syntax } = program;
  if (syntax.name(word) !== 'VariableName') return none;
  const binding = program.values.assignment(word);
  if (!binding || binding.word === none) return none;
  let nested = 0;
  let loop = syntax.parent[binding.word]!;
  for (; /^(Tuple|Array|Parenthesized)Expression$/.test(syntax.name(loop)); loop = syntax.parent[loop]!)
    nested++;
  if (syntax.name(loop) !== 'ForStatement') return none;
  const targets = syntax.children(syntax.parent[binding.word]!).filter((item) => isExpression(syntax, item));
  const parts = syntax.children(loop);
  const iterable = parts[parts.findIndex((part) => syntax.name(part) === 'in') + 1] ?? none;
  const wrapped = syntax.name(iterable) === 'CallExpression' ? syntax.source(syntax.first[iterable]!) : '';
  // Batches are (images, labels): the images come first, in the tuple that `enumerate` numbers.
  if (targets[0] !== binding.word || (wrapped === 'enumerate') !== nested > 0) return none;
  return /^(enumerate|tqdm)$/.test(wrapped) ? (argumentsOf(syntax, iterable)[0]?.value ?? none) : iterable;
}

/** Of a loader of one of torchvision's data sets, the `ToTensor()` that its images end with. */
function transformOf(program: PythonProgram, loader: Node): Node {
  const { syntax } = program;
  const made = (node: Node): Node => {
    const inner = unwrap(syntax, node);
    const assigned = syntax.name(inner) === 'CallExpression' ? inner : (program.assigned(inner) ?? none);
    return syntax.name(assigned) === 'CallExpression' ? assigned : none;
  };
  const pathOf = (call: Node) => (call === none ? undefined : program.path(syntax.first[call]!));
  const call = made(loader);
  if (pathOf(call) !== 'torch.utils.data.DataLoader') return none;
  const dataset = made(program.keyword(call, 'dataset', 0));
  if (!pathOf(dataset)?.startsWith('torchvision.datasets.')) return none;
  const transform = made(program.keyword(dataset, 'transform'));
  const name = (node: Node) => /^torchvision\.transforms\.(\w+)$/.exec(pathOf(node) ?? '')?.[1] ?? '';
  if (name(transform) === 'ToTensor') return transform;
  if (name(transform) !== 'Compose') return none;
  const list = unwrap(syntax, argumentsOf(syntax, transform)[0]?.value ?? none);
  if (syntax.name(list) !== 'ArrayExpression') return none;
  const steps = syntax
    .children(list)
    .filter((item) => isExpression(syntax, item))
    .map(made);
  const others = steps.filter((step) => name(step) !== 'ToTensor');
  const tensor = steps.find((step) => name(step) === 'ToTensor');
  return tensor !== undefined && others.every((step) => geometric.test(name(step))) ? tensor : none;
}
