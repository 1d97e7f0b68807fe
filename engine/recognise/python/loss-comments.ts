/** Comments `# loss: id`, by which a line of the user's own declares which loss it defines. */
import type { Node, Syntax } from './syntax.ts';

const lossComment = /^#\s*loss:\s*([a-z][a-z0-9-]*)(?![\w-])/;

/** Those of the nodes from `first` up to `end`. */
export class LossComments {
  readonly #syntax: Syntax;
  readonly #comments: { readonly from: number; readonly id: string }[] = [];

  constructor(syntax: Syntax, first: Node, end: Node) {
    this.#syntax = syntax;
    for (let node = first; node < end; node++) {
      const id = syntax.name(node) === 'Comment' && lossComment.exec(syntax.source(node))?.[1];
      if (id) this.#comments.push({ from: syntax.from[node]!, id });
    }
  }

  /** The id that a comment gives to what is defined between `from` and the end of the line of `to`. */
  declared(from: number, to: number): string | undefined {
    let low = 0;
    let high = this.#comments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#comments[middle]!.from < from) low = middle + 1;
      else high = middle;
    }
    const next = this.#comments[low];
    if (!next) return undefined;
    const lineEnd = this.#syntax.text.indexOf('\n', to);
    return lineEnd < 0 || next.from < lineEnd ? next.id : undefined;
  }
}
