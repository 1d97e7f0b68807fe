import { t } from '@vscode/l10n';
import { constant } from '../recognise/python/literals.ts';
import { argumentsOf, type Node, none } from '../recognise/python/syntax.ts';
import type { Check } from './check.ts';
import { addArgument } from './python/edits.ts';
import type { PythonProgram } from './python/program.ts';
import { operationHere, range } from './reading.ts';

/** Where each takes `normalize=True` for images in [0, 1]. */
const classes: Readonly<Record<string, 'call' | 'made'>> = {
  'lpips.LPIPS': 'call',
  'torchmetrics.image.lpip.LearnedPerceptualImagePatchSimilarity': 'made',
  'torchmetrics.image.LearnedPerceptualImagePatchSimilarity': 'made',
};

export const lpipsRange: Check<PythonProgram> = {
  code: 'lpips-range',
  severity: 'warning',
  find: (program) => {
    const { syntax } = program;
    // Nothing else of a source tells whether it uses them.
    if (!/LPIPS|LearnedPerceptualImagePatchSimilarity/.test(syntax.text)) return [];
    const problems = [];
    for (let node = 0; node < syntax.size; node++) {
      if (syntax.name(node) !== 'CallExpression') continue;
      const made = makerOf(program, syntax.first[node]!);
      const path = made === none ? undefined : program.path(syntax.first[made]!);
      const where = path !== undefined && Object.hasOwn(classes, path) ? classes[path]! : undefined;
      if (!where) continue;
      const taking = where === 'call' ? node : made;
      const normalize = program.keyword(taking, 'normalize');
      if (normalize !== none && constant(program.values, normalize) !== false) continue;
      for (const { keyword, value } of argumentsOf(syntax, node)) {
        const { form, maker } = program.tensors.of(value);
        if (keyword !== undefined || form !== 'sigmoid' || !maker) continue;
        const edit = normalize === none ? addArgument(program, taking, 'normalize=True') : undefined;
        problems.push({
          ...range(program, value),
          message: t(
            'LPIPS takes images in [−1, 1], but these come out of a sigmoid, in [0, 1]: the distance is too small. Pass normalize=True, or 2x − 1.',
          ),
          related: [operationHere(program, maker, form)],
          fixes: edit ? [{ title: t`Pass ${'normalize=True'}`, edits: [edit] }] : [],
        });
        break;
      }
    }
    return problems;
  },
};

/** The call that made the object that is called here. */
function makerOf(program: PythonProgram, callee: Node): Node {
  const { syntax } = program;
  let node = callee;
  for (let step = 0; step < 8; step++) {
    if (syntax.name(node) === 'CallExpression') {
      const method = syntax.property(syntax.first[node]!);
      const moves = method !== none && /^(to|cuda|eval|cpu)$/.test(syntax.source(method));
      if (!moves || program.path(syntax.first[node]!) !== undefined) return node;
      node = syntax.first[syntax.first[node]!]!;
      continue;
    }
    const assigned = program.assigned(node);
    if (assigned === undefined) return none;
    node = assigned;
  }
  return none;
}
