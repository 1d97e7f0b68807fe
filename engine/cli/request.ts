/** A loss and what it is given, as the words of the command line say it. */
import type { LossInfo, ParameterInfo, SymbolInfo } from '../catalogue.ts';
import type { EvaluateRequest, ParameterValue, Reduction } from '../evaluation.ts';
import { refusalOf } from '../frameworks/index.ts';
import { evaluableNamed } from '../request.ts';
import { oneOf, parse, UsageError } from './command.ts';
import { arrayOf } from './inputs.ts';

const reductions: readonly Reduction[] = ['mean', 'sum', 'none', 'batchmean'];
const backends = ['auto', 'reference', 'wasm'] as const;

type Kind = 'string' | 'boolean';
/** An option of a command besides the loss's own: whether it may be given more than once. */
export type Own = Readonly<Record<string, { readonly type: Kind; readonly multiple?: boolean }>>;

export interface Asked {
  readonly subject: LossInfo | SymbolInfo;
  readonly request: EvaluateRequest;
  /** Of the command's own options, what was given, in order. */
  readonly given: Readonly<Record<string, readonly string[]>>;
  readonly flags: ReadonlySet<string>;
}

/** What the options that every evaluation has mean, for the help. */
export const commonHelp = `  --INPUT FILE[#NAME]      an input by its name: a file (.npy, .npz, .csv, .json, .parquet, .safetensors,
                           .pt, pictures; NAME is an array in it), or its numbers: '[0.5, 1]'
  --PARAMETER VALUE        a parameter by its name; none where it may be left out
  --reduction R            mean, sum, none or batchmean; a framework's symbol has its own
  --backend B              auto, reference or wasm

An unambiguous beginning of a name does: --pred for --prediction. '_' and '-' are the same.`;

/**
 * @param words  what follows the command: the loss, then options
 * @throws UsageError, LossLensError
 */
export async function askedIn(words: readonly string[], own: Own): Promise<Asked> {
  const [loss, ...rest] = words;
  if (loss === undefined || loss.startsWith('-')) {
    throw new UsageError(
      "The loss comes first: an id such as 'huber', or a symbol such as 'torch.nn.HuberLoss'.",
    );
  }
  const refusal = refusalOf(loss);
  if (refusal) throw refusal;
  const subject = evaluableNamed(loss);
  const isSymbol = !('id' in subject);
  const inputs = subject.inputs.map(({ name }) => name);
  const parameters = subject.parameters.map(({ name }) => name);
  const ofCommand: Own = {
    ...own,
    backend: { type: 'string' },
    ...(isSymbol ? {} : { reduction: { type: 'string' } }),
  };
  const ofLoss = [...inputs, ...parameters];
  const { values, positionals } = parse(
    rest.map((word) => canonical(word, Object.keys(ofCommand), ofLoss, loss)),
    { ...ofCommand, ...Object.fromEntries(ofLoss.map((name) => [name, { type: 'string' as const }])) },
  );
  if (positionals.length > 0) {
    throw new UsageError(
      `'${positionals[0]}' stands alone. Expected: an input's name before it, such as --${inputs[0]}.`,
    );
  }
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const arrays: Record<string, Awaited<ReturnType<typeof arrayOf>>> = {};
  for (const name of inputs) {
    const word = text(name);
    if (word !== undefined) arrays[name] = await arrayOf(name, word);
  }
  const settings: Record<string, ParameterValue> = {};
  for (const info of subject.parameters) {
    const word = text(info.name);
    if (word !== undefined) settings[info.name] = settingOf(info, word);
  }
  const reduction = isSymbol ? undefined : text('reduction');
  const given: Record<string, readonly string[]> = {};
  for (const name of Object.keys(own)) {
    const value = values[name];
    if (typeof value === 'string') given[name] = [value];
    else if (Array.isArray(value)) given[name] = value.filter((one) => typeof one === 'string');
  }
  return {
    subject,
    request: {
      loss,
      inputs: arrays,
      parameters: settings,
      ...(reduction !== undefined && { reduction: oneOf('reduction', reduction, reductions) }),
      backend: oneOf('backend', text('backend') ?? 'auto', backends),
    },
    given,
    flags: new Set(Object.keys(own).filter((name) => values[name] === true)),
  };
}

const plain = (name: string): string => name.replaceAll(/[-_]/g, '').toLowerCase();

/** The option under its full name. @throws UsageError where it may be several, or none */
function canonical(
  word: string,
  ofCommand: readonly string[],
  ofLoss: readonly string[],
  loss: string,
): string {
  const [, written, value = ''] = /^--([^=]+)(=[\s\S]*)?$/.exec(word) ?? [];
  if (written === undefined || ofCommand.includes(written) || ofLoss.includes(written)) return word;
  const known = [...ofLoss, ...ofCommand];
  const same = known.filter((name) => plain(name) === plain(written));
  const found = same.length > 0 ? same : known.filter((name) => plain(name).startsWith(plain(written)));
  if (found.length === 1) return `--${found[0]}${value}`;
  const what = found.length > 1 ? `--${written} may be ${found.join(' or ')}` : `${loss} has no '${written}'`;
  throw new UsageError(
    `${what}. Expected: ${(found.length > 1 ? found : known).map((name) => `--${name}`).join(', ')}.`,
  );
}

/** @throws UsageError for a word that is no such value; whether the loss takes it is the loss's to say */
function settingOf({ name, kind, nullable, choices }: ParameterInfo, word: string): ParameterValue {
  const isNone = /^(none|null)$/i.test(word);
  if (isNone && (nullable || choices?.includes(null))) return null;
  if (kind === 'choice' || kind === 'text') return word;
  if (kind === 'boolean') return oneOf(name, word.toLowerCase(), ['true', 'false']) === 'true';
  const number = word.trim() === '' ? Number.NaN : Number(word.replace(/^([+-]?)inf$/i, '$1Infinity'));
  if (Number.isNaN(number)) throw new UsageError(`--${name} is '${word}'. Expected: a number.`);
  return number;
}

/** The help of one loss: what it takes. */
export function describeSubject(subject: LossInfo | SymbolInfo): string {
  const inputs = subject.inputs.map(
    ({ name, optional, description }) =>
      [`--${name}`, `${description}${optional ? ' (optional)' : ''}`] as const,
  );
  const parameters = subject.parameters.map((info) => {
    const { name, description, choices } = info;
    const among = choices ? `; ${choices.map((choice) => choice ?? 'none').join(', ')}` : '';
    return [`--${name}`, `${description}${among} (${info.default ?? 'none'})`] as const;
  });
  const width = Math.max(...[...inputs, ...parameters].map(([name]) => name.length));
  const lines = (rows: readonly (readonly [string, string])[]): string =>
    rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
  const title = 'id' in subject ? `${subject.id}: ${subject.title}` : `${subject.name}: ${subject.loss}`;
  return [
    title,
    '',
    'Inputs',
    lines(inputs),
    ...(parameters.length > 0 ? ['', 'Parameters', lines(parameters)] : []),
  ].join('\n');
}
