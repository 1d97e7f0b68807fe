/** Fills `setUps` with every loss and symbol. */
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
