import { floatInput, type Loss } from '../../definition.ts';
import {
  type Dims,
  div,
  type Expr,
  type Input,
  mul,
  neg,
  sqrt,
  square,
  sum,
} from '../../language/expression.ts';
import { angleCurve } from '../curves.ts';
import { embeddings } from '../ranking/embeddings.ts';

/** a·b / (‖a‖‖b‖); NaN for a zero vector. */
export const cosine = (a: Expr, b: Expr, along: Dims): Expr =>
  div(sum(mul(a, b), along), mul(sqrt(sum(square(a), along)), sqrt(sum(square(b), along))));

export const cosineProximity: Loss = {
  id: 'cosine-proximity',
  title: 'Cosine proximity',
  family: 'specialized',
  inputs: [floatInput('prediction', 'vectors, [N, D]'), floatInput('target', 'vectors, same shape')],
  parameters: [],
  reduction: 'mean',
  program(call) {
    const [prediction, target] = embeddings(call, ['prediction', 'target']) as [Input, Input];
    return { elements: neg(cosine(prediction, target, call.space.axis('feature'))) };
  },
  curve: angleCurve('prediction', 'target'),
};
