/** A class of torch.nn declared together with its function. */
import type { VersionFact } from '../../catalogue.ts';
import type { FrameworkSymbol } from '../../definition.ts';
import { type Argument, declare } from '../symbol.ts';

interface Pair {
  readonly class: string;
  readonly function: string;
  /** Older names of the class. */
  readonly aliases?: readonly string[];
  readonly loss: string;
  readonly inputs: readonly Argument[];
  /** In the order of the class's constructor. */
  readonly options: readonly Argument[];
  /** In the order of the function, where that is another. */
  readonly functionOptions?: readonly Argument[];
  readonly caveats: readonly string[];
  readonly versions?: readonly VersionFact[];
  readonly program: FrameworkSymbol['program'];
  readonly curve: FrameworkSymbol['curve'];
}

/** A `torch.nn` class and its function: one program. */
export function pair(declared: Pair): FrameworkSymbol[] {
  const shared = {
    framework: 'torch',
    loss: declared.loss,
    caveats: declared.caveats,
    program: declared.program,
    curve: declared.curve,
    ...(declared.versions && { versions: declared.versions }),
  } as const;
  return [
    declare({
      ...shared,
      name: `torch.nn.${declared.class}`,
      paths: [declared.class, ...(declared.aliases ?? [])].flatMap((name) => [
        `torch.nn.${name}`,
        `torch.nn.modules.${name}`,
        `torch.nn.modules.loss.${name}`,
      ]),
      constructor_: declared.options,
      call: declared.inputs,
    }),
    declare({
      ...shared,
      name: `torch.nn.functional.${declared.function}`,
      paths: [`torch.nn.functional.${declared.function}`],
      call: [...declared.inputs, ...(declared.functionOptions ?? declared.options)],
    }),
  ];
}
