/** TypeScript's checker, as the checks ask it. */
import type ts from 'typescript-6';
import type { SymbolInfo } from '../../engine/catalogue.ts';
import { ScriptProgram } from '../../engine/checks/script/program.ts';
import type { Given, TypeFacts, Types } from '../../engine/checks/script/types.ts';
import type { Range } from '../../engine/recognise/recognised.ts';
import { finish } from '../../engine/steps.ts';
import { lossesIn } from './recognised.ts';
import { ofLibrary, Resolver } from './resolve.ts';

const typedArray = /^(?:(?:Float32|Float64|Int8|Int16|Int32|Uint8|Uint16|Uint32)Array|Uint8ClampedArray)$/;
const unknown: TypeFacts = {};
const deepest = 8;
/** Files that are looked into for one another. */
const farthest = 3;

export class CheckerTypes implements Types {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;
  readonly #file: ts.SourceFile;
  readonly #resolver: Resolver;
  /** Of how many files this one was looked into for. */
  readonly #distance: number;
  /** Those that were looked into. */
  readonly #programs: Map<ts.SourceFile, ScriptProgram>;

  constructor(
    typescript: typeof ts,
    checker: ts.TypeChecker,
    file: ts.SourceFile,
    distance = 0,
    programs = new Map<ts.SourceFile, ScriptProgram>(),
  ) {
    this.#ts = typescript;
    this.#checker = checker;
    this.#file = file;
    this.#distance = distance;
    this.#programs = programs;
    this.#resolver = new Resolver(typescript, checker);
  }

  lossOf({ start }: Range): SymbolInfo | undefined {
    const [info, ...others] = this.#resolver.at(this.#file, start)?.symbols ?? [];
    return others.length === 0 ? info : undefined;
  }

  of(range: Range): TypeFacts {
    const node = this.#nodeAt(range);
    if (!node) return unknown;
    const type = this.#checker.getTypeAtLocation(node);
    if (type.getSymbol()?.name === 'Promise') return { promise: true };
    const rank = this.#rank(type);
    return { ...(rank !== undefined && { rank }), ...(this.#isPlain(type, 0) && { plain: true }) };
  }

  given({ start, end }: Range): Given | undefined {
    const node = this.#distance < farthest ? this.#nodeAt({ start, end }) : undefined;
    const symbol = node && this.#checker.getSymbolAtLocation(node);
    if (!symbol) return undefined;
    const alias = (symbol.flags & this.#ts.SymbolFlags.Alias) !== 0;
    const [declaration, ...others] =
      (alias ? this.#checker.getAliasedSymbol(symbol) : symbol).declarations ?? [];
    const file = declaration?.getSourceFile();
    const name = declaration && this.#ts.getNameOfDeclaration(declaration);
    if (!file || !name || others.length > 0 || file === this.#file || file.isDeclarationFile)
      return undefined;
    return this.#programOf(file).givenBy(name.getStart(file));
  }

  #programOf(file: ts.SourceFile): ScriptProgram {
    let program = this.#programs.get(file);
    if (!program) {
      const types = new CheckerTypes(this.#ts, this.#checker, file, this.#distance + 1, this.#programs);
      program = finish(ScriptProgram.reading(lossesIn(file), types));
      this.#programs.set(file, program);
    }
    return program;
  }

  /** The outermost node that is exactly there. */
  #nodeAt({ start, end }: Range): ts.Node | undefined {
    const around = (child: ts.Node): ts.Node | undefined =>
      child.getStart(this.#file) <= start && end <= child.end ? child : undefined;
    let node: ts.Node | undefined = this.#file;
    while (node && (node.getStart(this.#file) !== start || node.end !== end)) {
      node = this.#ts.forEachChild(node, around);
    }
    return node;
  }

  /** Of `Tensor<Rank.R2>`, which `Tensor2D` stands for. */
  #rank(type: ts.Type): number | undefined {
    const symbol = type.getSymbol();
    const declared = symbol?.declarations?.[0]?.getSourceFile().fileName ?? '';
    if (!/^(Tensor|Variable)$/.test(symbol?.name ?? '') || !ofLibrary.test(declared)) return undefined;
    const [rank] = this.#checker.getTypeArguments(type as ts.TypeReference);
    const digit = /^R(\d)$/.exec(rank?.getSymbol()?.name ?? '')?.[1];
    return digit === undefined ? undefined : Number(digit);
  }

  #isPlain(type: ts.Type, depth: number): boolean {
    if (depth > deepest) return false;
    if (type.isUnion()) return type.types.every((part) => this.#isPlain(part, depth + 1));
    if (type.flags & this.#ts.TypeFlags.NumberLike) return true;
    if (typedArray.test(type.getSymbol()?.name ?? '')) return true;
    if (!this.#checker.isArrayType(type)) return false;
    const [item] = this.#checker.getTypeArguments(type as ts.TypeReference);
    return item !== undefined && this.#isPlain(item, depth + 1);
  }
}
