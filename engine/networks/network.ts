/** A trained network as data: what its file says, of which nothing is run as code. */

/** Numbers that do not depend on the image: weights, statistics, shapes. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
  readonly integer: boolean;
}

export type Attribute = number | string | Tensor | readonly number[];

/** One operator applied to named values. */
export interface Node {
  readonly operator: string;
  /** Of the operator; '' is ONNX's own. */
  readonly domain: string;
  readonly name: string;
  /** '' where an optional input is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** What stands in the place of an image. */
export interface ImageInput {
  readonly name: string;
  /** Extents, outermost first; a name where the file leaves one open, `undefined` where it says nothing. */
  readonly shape: readonly (number | string | undefined)[] | undefined;
}

/** The part of a network that some layers need. Plain data: it can be sent to a worker. */
export interface Network {
  readonly opset: number;
  readonly image: ImageInput;
  readonly nodes: readonly Node[];
  readonly constants: Readonly<Record<string, Tensor>>;
  /** Names of the values to compare. */
  readonly layers: readonly string[];
}
