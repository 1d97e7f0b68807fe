/** Fills `setUps` with every loss and symbol. */
import { losses } from '../../../engine/losses/index.ts';
import { examples, settingOf } from '../../../engine/snippets/setting.ts';
import './catalogue.ts';
import './keras.ts';
import './kernels.ts';
import './metric-learning.ts';
import './optax.ts';
import './segmentation.ts';
import './sklearn.ts';
import './tensorflow.ts';
import './tfjs.ts';
import './torch-margins.ts';
import './torch.ts';
import { describeLosses, setUps } from './set-ups.ts';

// A loss without set-ups of its own is differentiated at what its training step is tried with.
for (const loss of losses) {
  const setting = settingOf(loss);
  if (setting && !setUps.has(loss.id)) describeLosses([loss.id], () => [{ inputs: examples(setting) }]);
}
