/**
 * Which of TensorFlow.js' losses a name stands for, by where it is declared. Types would not do: several losses have
 * the same one, and `a ? meanSquaredError : absoluteDifference` has that of the first alone.
 */
import type ts from 'typescript-6';
import type { SymbolInfo } from '../../engine/catalogue.ts';
import { table } from './symbols.ts';

export interface Resolved {
  /** The name, or the string. */
  readonly node: ts.Node;
  /** More than one where it depends on how the program runs. */
  readonly symbols: readonly [SymbolInfo, ...SymbolInfo[]];
}

/** Variables that hold variables are followed this far. */
const deepest = 20;
export const ofLibrary = /\/@tensorflow\/tfjs(?:-core|-layers|-node|-node-gpu)?\//;

export class Resolver {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;

  constructor(typescript: typeof ts, checker: ts.TypeChecker) {
    this.#ts = typescript;
    this.#checker = checker;
  }

  at(file: ts.SourceFile, position: number): Resolved | undefined {
    const node = this.#touched(file, position);
    if (this.#ts.isStringLiteralLike(node)) {
      const info = this.#isCompiled(node) ? table.stringId(node.text) : undefined;
      if (info) return { node, symbols: [info] };
    } else if (!this.#ts.isIdentifier(node) && !this.#ts.isPrivateIdentifier(node)) return undefined;
    const symbol = this.#symbolAt(node);
    const found = symbol && this.of(symbol);
    return found && { node, ...found };
  }

  of(symbol: ts.Symbol): Pick<Resolved, 'symbols'> | undefined {
    const [first, ...others] = new Set(this.#ofSymbol(symbol, 0));
    return first && { symbols: [first, ...others] };
  }

  #touched(file: ts.SourceFile, position: number): ts.Node {
    const inside = (child: ts.Node): ts.Node | undefined =>
      child.getStart(file) <= position && position <= child.end ? child : undefined;
    let node: ts.Node = file;
    for (
      let child = this.#ts.forEachChild(node, inside);
      child;
      child = this.#ts.forEachChild(node, inside)
    ) {
      node = child;
    }
    return node;
  }

  #symbolAt(node: ts.Node): ts.Symbol | undefined {
    return this.#ts.isShorthandPropertyAssignment(node.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.#checker.getSymbolAtLocation(node);
  }

  #ofSymbol(symbol: ts.Symbol, depth: number): SymbolInfo[] {
    if (depth > deepest) return [];
    const alias = (symbol.flags & this.#ts.SymbolFlags.Alias) !== 0;
    const target = alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    return (target.declarations ?? []).flatMap((declaration) =>
      ofLibrary.test(declaration.getSourceFile().fileName)
        ? this.#ofLibrary(declaration)
        : this.#ofUser(declaration, depth + 1),
    );
  }

  /** By its name and that of what it is in: `losses`, or what is exported as `metrics`. */
  #ofLibrary(declaration: ts.Declaration): SymbolInfo[] {
    const { fileName } = declaration.getSourceFile();
    const name = this.#nameOf(declaration);
    const within: string[] = [];
    if (/\/exports_metrics\.d\.ts$/.test(fileName)) within.push('metrics');
    if (/\/ops\/losses\/\w+\.d\.ts$/.test(fileName)) within.push('losses');
    for (let outer: ts.Node = declaration.parent; outer; outer = outer.parent) {
      if (this.#ts.isVariableDeclaration(outer) || this.#ts.isModuleDeclaration(outer)) {
        within.push(outer.name.getText());
      }
    }
    const info = within.map((outer) => table.symbol(`tf.${outer}.${name}`)).find(Boolean);
    return info ? [info] : [];
  }

  #nameOf(declaration: ts.Declaration): string | undefined {
    return this.#ts.getNameOfDeclaration(declaration)?.getText();
  }

  /** What a name of the user's own surely holds: constants, and the parts of objects that are written out. */
  #ofUser(declaration: ts.Declaration, depth: number): SymbolInfo[] {
    const { isVariableDeclaration, isBindingElement, isPropertyAssignment, isPropertyDeclaration } = this.#ts;
    if (isVariableDeclaration(declaration)) {
      return this.#isConstant(declaration) ? this.#ofExpression(declaration.initializer, depth) : [];
    }
    if (isBindingElement(declaration)) return this.#ofBindingElement(declaration, depth);
    if (isPropertyAssignment(declaration)) return this.#ofExpression(declaration.initializer, depth);
    if (this.#ts.isShorthandPropertyAssignment(declaration)) {
      const symbol = this.#checker.getShorthandAssignmentValueSymbol(declaration);
      return symbol ? this.#ofSymbol(symbol, depth) : [];
    }
    if (isPropertyDeclaration(declaration)) {
      const flags = this.#ts.getCombinedModifierFlags(declaration);
      const readonly = (flags & this.#ts.ModifierFlags.Readonly) !== 0;
      return readonly && !declaration.type ? this.#ofExpression(declaration.initializer, depth) : [];
    }
    // `export default tf.losses.huberLoss`
    if (this.#ts.isExportAssignment(declaration)) return this.#ofExpression(declaration.expression, depth);
    return [];
  }

  #isConstant(declaration: ts.VariableDeclaration): boolean {
    const constant = (this.#ts.getCombinedNodeFlags(declaration) & this.#ts.NodeFlags.Const) !== 0;
    return constant && !declaration.type;
  }

  #ofBindingElement(element: ts.BindingElement, depth: number): SymbolInfo[] {
    let outer: ts.Node = element;
    while (this.#ts.isBindingElement(outer)) outer = outer.parent.parent;
    if (!this.#ts.isVariableDeclaration(outer) || !this.#isConstant(outer) || element.dotDotDotToken)
      return [];
    const key = element.propertyName ?? element.name;
    if (!this.#ts.isIdentifier(key) || !this.#ts.isObjectBindingPattern(element.parent)) return [];
    const property = this.#checker.getTypeAtLocation(element.parent).getProperty(key.text);
    const given = property ? this.#ofSymbol(property, depth) : [];
    return [...given, ...this.#ofExpression(element.initializer, depth)];
  }

  #ofExpression(expression: ts.Expression | undefined, depth: number): SymbolInfo[] {
    if (!expression) return [];
    const inner = this.#unwrap(expression);
    if (this.#ts.isConditionalExpression(inner)) {
      return [...this.#ofExpression(inner.whenTrue, depth), ...this.#ofExpression(inner.whenFalse, depth)];
    }
    let name: ts.Node = inner;
    if (this.#ts.isPropertyAccessExpression(inner)) name = inner.name;
    else if (this.#ts.isElementAccessExpression(inner)) name = inner.argumentExpression;
    else if (!this.#ts.isIdentifier(inner)) return [];
    const symbol = this.#symbolAt(name);
    return symbol ? this.#ofSymbol(symbol, depth) : [];
  }

  #unwrap(expression: ts.Expression): ts.Expression {
    let inner = expression;
    while (
      this.#ts.isParenthesizedExpression(inner) ||
      this.#ts.isAsExpression(inner) ||
      this.#ts.isSatisfiesExpression(inner) ||
      this.#ts.isNonNullExpression(inner) ||
      this.#ts.isTypeAssertionExpression(inner)
    ) {
      inner = inner.expression;
    }
    return inner;
  }

  /** Whether a string is, or is among, the `loss` that a model of the library is compiled with. */
  #isCompiled(text: ts.StringLiteralLike): boolean {
    let node: ts.Node = text;
    for (let parent: ts.Node = node.parent; parent; node = parent, parent = node.parent) {
      if (this.#ts.isPropertyAssignment(parent) && parent.name !== node) {
        const call = parent.parent.parent;
        if (this.#ts.isCallExpression(call) && parent.name.getText() === 'loss') return this.#compiles(call);
        continue;
      }
      const holds =
        this.#ts.isArrayLiteralExpression(parent) ||
        this.#ts.isObjectLiteralExpression(parent) ||
        this.#ts.isParenthesizedExpression(parent) ||
        this.#ts.isAsExpression(parent) ||
        (this.#ts.isConditionalExpression(parent) && parent.condition !== node);
      if (!holds) return false;
    }
    return false;
  }

  #compiles(call: ts.CallExpression): boolean {
    const declaration = this.#checker.getResolvedSignature(call)?.declaration;
    if (!declaration || !ofLibrary.test(declaration.getSourceFile().fileName)) return false;
    return this.#nameOf(declaration as ts.MethodDeclaration) === 'compile';
  }
}
