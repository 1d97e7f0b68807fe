/**
 * Arrays written as text: Python and JSON literals, the calls that make arrays in source code, and what NumPy,
 * PyTorch, TensorFlow and JAX print. One pass over the text, nothing is executed, and what is not understood is
 * refused with its place.
 */
import type { NdArray } from '../../array.ts';
import { Reader } from './reader.ts';

/**
 * Reads an array from `text`: a literal of Python or JSON, or an assignment of one; a call such as
 * `np.array([…], dtype=np.float32)` or `torch.tensor([…])`; what a library prints for an array (`[[1. 2.]\n [3. 4.]]`,
 * `array(…)`, `tensor(…, grad_fn=<…>)`, `<tf.Tensor: …>`). A single number is an array of shape [].
 *
 * The dtype is the one that the library would give it. Numbers without a library are typed as Python types them
 * (all integers int64, any float float64, all truth values bool) and are `weak`, as are arrays that NumPy prints
 * without their dtype. float16 and bfloat16 become float32 data rounded to them, with their `origin`. uint64 becomes
 * int64: what it exceeds is refused, as are integers beyond int64 in any array of integers.
 *
 * @throws LossLensError, each with offset, line and column: `no-array` for anything that is no array of real numbers,
 * `ragged` for rows that differ, `incomplete` where `...` stands for elements or brackets are still open at the end,
 * `dtype` for dtypes that hold no real numbers and for numbers that the dtype does not hold, `shape-mismatch` where
 * a printed shape contradicts the elements.
 */
export function parseLiteral(text: string): NdArray {
  return new Reader(text).read();
}
