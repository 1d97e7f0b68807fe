/**
 * The telling words of each message, by page. Those of the installed versions are held to what the libraries print
 * (test/golden/data/messages.json); older wordings, which people still search for, to lists in the tests.
 * Patterns are linear: no quantifier stands inside another, and what varies is bounded.
 */
const shape = String.raw`(?:torch\.Size\()?[[(][\d, ]{0,60}[\])]\)?`;
const wording = (strings: TemplateStringsArray, ...parts: readonly string[]): RegExp =>
  new RegExp(String.raw(strings, ...parts), 'g');

export const texts: Readonly<Record<string, readonly RegExp[]>> = {
  'target-dtype': [
    wording`expected target dtype to be Long or Byte, but got \w+`,
    // torch before 2.13, and older.
    wording`expected scalar type Long but found (?:Float|Int|Double|Half|BFloat16)`,
    wording`Expected object of scalar type Long but got scalar type \w+ for argument #2 'target'`,
    wording`Expected floating point type for target with class probabilities, got \w+`,
    wording`Found dtype \w+ but expected (?:Float|Double|Half)`,
    wording`result type \w+ can't be cast to the desired output type (?:Long|Int|Byte)`,
    wording`Value for attr 'Tlabels' of \w+ is not in the list of allowed values: int32, int64`,
    wording`Value passed to parameter 'labels' has DataType \w+ not in list of allowed values: int32, int64`,
    wording`Expected the input to have a dtype that is a subdtype of <class '[\w.]+'>, got \w+ instead`,
    wording`grad requires real- or complex-valued inputs .{0,80}but got u?int\d+`,
  ],
  'label-out-of-range': [
    wording`Target -?\d+ is out of bounds`,
    wording`Received a label value of -?\d+ which is outside the valid range of \[0, \d+\)`,
    wording`Assertion .(?:cur_target|t) >= 0 && (?:cur_target|t) < n_classes. failed`,
  ],
  'not-a-probability': [
    wording`all elements of (?:input|target) should be between 0 and 1`,
    wording`Assertion .(?:input_val|target_val) >= zero && (?:input_val|target_val) <= one. failed`,
    wording`Assertion .\*?input >= 0\. && \*?input <= 1\.. failed`,
    wording`The y_pro\w{1,3} values do not sum to one`,
    wording`y_pro\w{1,3} contains values (?:lower than 0|greater than 1)`,
  ],
  'target-shape': [
    wording`(?:0D or )?1D target tensor expected, multi-target not supported`,
    wording`Expected input batch_size \(\d+\) to match target batch_size \(\d+\)`,
    wording`only batches of spatial targets supported \([^)\n]{0,40}\) but got targets of [^\n]{0,60}`,
    wording`Arguments .target. and .output. must have the same (?:rank \(ndim\)|shape)`,
    wording`Argument .output. must have rank \(ndim\) .target\.ndim - 1.`,
    wording`.labels\.shape\.rank. must equal .logits\.shape\.rank - 1.`,
    wording`.labels\.shape. must equal .logits\.shape. except for the last dimension`,
    wording`logits and labels must be broadcastable: logits_size=${shape} labels_size=${shape}`,
    wording`logits and labels must have the same first dimension`,
    wording`.logits. and .labels. must have the same shape`,
    // Keras 2.
    wording`Shapes \(None, [\w, ]{1,40}\) and \(None, [\w, ]{1,40}\) are incompatible`,
    wording`You are passing a target array of shape \([\d, ]{1,40}\) while using as loss .\w+.`,
    wording`y_true and y_pro\w{1,3} contain different number of classes`,
  ],
  'class-axis': [wording`Expected target size ${shape}, got ${shape}`],
  broadcast: [
    wording`Using a target size \(${shape}\) that is different to the input size \(${shape}\)`,
    wording`Target size \(${shape}\) must be the same as input size \(${shape}\)`,
    // Optax.
    wording`Shape mismatch: got \([\d, ]{0,40}\) and \([\d, ]{0,40}\)`,
  ],
  autocast: [
    wording`torch\.nn\.functional\.binary_cross_entropy and torch\.nn\.BCELoss are unsafe to autocast`,
  ],
  'kl-mean': [wording`reduction: 'mean' divides the total loss by both the batch size and the support size`],
  'old-reduction': [
    wording`size_average and reduce args will be deprecated, please use reduction='\w+' instead`,
    wording`reduction='elementwise_mean' is deprecated`,
    wording`Invalid value for argument .reduction.\. Expected one of`,
    wording`got an unexpected keyword argument 'squared'`,
  ],
  'no-gradient': [
    wording`element 0 of tensors does not require grad and does not have a grad_fn`,
    wording`No gradients provided for any variable`,
  ],
  'not-a-scalar': [
    wording`grad can be implicitly created only for scalar outputs`,
    wording`Gradient only defined for scalar-output functions\. Output had shape: \([\d, ]{0,40}\)`,
  ],
  'not-called': [wording`[Bb]ool(?:ean)? value of Tensor with more than one value is ambiguous`],
  'class-weights': [
    wording`weight tensor should be defined either for all \d* ?(?:or no )?classes[^\n]{0,80}`,
  ],
  'cross-entropy-options': [
    wording`label_smoothing must be between 0\.0 and 1\.0`,
    wording`ignore_index is not supported for floating point target`,
  ],
  'ctc-arguments': [
    wording`Expected input_lengths to have value at most \d+, but got value \d+`,
    wording`(?:input|target)_lengths must be of size batch_size`,
    wording`blank must be in label range`,
    wording`Expected tensor to have size at least \d+ at dimension 1, but got size \d+ for argument #2 'targets'`,
  ],
  'nan-in-backward': [
    wording`Function '\w*(?:Log|Exp|Sqrt|Pow|Div|Norm|Loss|Entropy|Softmax)\w*Backward\d*' returned nan values`,
  ],
  'device-side-assert': [wording`CUDA error: device-side assert triggered`],
  'unknown-loss': [wording`Could not interpret loss identifier: [^\n]{1,60}`],
  'one-label': [wording`y_true contains only one label \([^)\n]{1,20}\)`],
};
