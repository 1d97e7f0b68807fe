/** What people call the libraries. */
import type { Framework } from '../engine/catalogue.ts';

export const frameworkNames: Readonly<Record<Framework, string>> = {
  torch: 'PyTorch',
  keras: 'Keras',
  tensorflow: 'TensorFlow',
  tfjs: 'TensorFlow.js',
  optax: 'Optax',
  sklearn: 'scikit-learn',
  scipy: 'SciPy',
  pot: 'Python Optimal Transport',
  torchvision: 'torchvision',
  smp: 'segmentation-models-pytorch',
  monai: 'MONAI',
  kornia: 'Kornia',
  'pytorch-metric-learning': 'PyTorch Metric Learning',
  lpips: 'LPIPS',
  'tensorflow-gan': 'TF-GAN',
  'tensorflow-addons': 'TensorFlow Addons',
};
