/** Losses of images and masks: MONAI 1.5.0, Kornia 0.9.0rc1, segmentation-models-pytorch 0.5.1, torchvision 0.28, LPIPS 0.1.4. */
import type { ExplainedSymbol, Framework } from '../../catalogue.ts';
import { explain } from './declare.ts';
import { callable, network, unmeasured } from './refusals.ts';

interface Entry {
  readonly name: string;
  readonly module?: string;
  /** Another name of the same class. */
  readonly alias?: string;
  readonly constructor_?: string;
  readonly call?: string;
  readonly loss?: string;
  readonly summary: string;
  readonly formula?: NonNullable<ExplainedSymbol['formula']>;
  readonly refusal?: string;
  readonly caveats?: readonly string[];
}

const of =
  (framework: Framework, home: string, usualCall: string) =>
  ({ name, module, alias, call = usualCall, refusal = unmeasured, ...rest }: Entry): ExplainedSymbol =>
    explain({
      ...rest,
      name: `${home}.${name}`,
      framework,
      paths: [name, ...(alias ? [alias] : [])].flatMap((each) => [
        `${home}.${each}`,
        ...(module ? [`${home}.${module}.${each}`] : []),
      ]),
      call,
      refusal,
    });

const monai = of('monai', 'monai.losses', 'input, target');
const smp = of('smp', 'segmentation_models_pytorch.losses', 'y_pred, y_true');
const boxes = of('torchvision', 'torchvision.ops', "boxes1, boxes2, reduction='none', eps=1e-07");

/** Kornia's classes have functions of the same formula. */
function kornia(
  className: string,
  functionName: string,
  { constructor_ = '', call = 'pred, target', ...shared }: Omit<Entry, 'name'>,
): ExplainedSymbol[] {
  const both = of('kornia', 'kornia.losses', call);
  return [
    both({ ...shared, name: className, constructor_ }),
    both({ ...shared, name: functionName, call: constructor_ ? `${call}, ${constructor_}` : call }),
  ];
}

const activations =
  'include_background=True, to_onehot_y=False, sigmoid=False, softmax=False, other_act=None';
const smoothing = 'smooth_nr=1e-05, smooth_dr=1e-05, batch=False';
const weights = "w_type='square', reduction='mean'";
const noActivation =
  'Applies no activation by default: logits run, and the number means nothing. Set `sigmoid=True` or `softmax=True`.';
const sum = (words: string): string => `A weighted sum of ${words}, both of the same prediction.`;
const sumFormula = (first: string, second: string): NonNullable<ExplainedSymbol['formula']> => ({
  tex: `\\lambda_1\\, \\mathrm{${first}} + \\lambda_2\\, \\mathrm{${second}}`,
  alternative: `λ₁ times the ${first} loss + λ₂ times the ${second} loss`,
});
const robust = { constructor_: "reduction='none'", call: 'img1, img2' };
const notReduced = ['Not reduced by default, unlike the losses of `torch.nn`.'];

export const imageExplained: readonly ExplainedSymbol[] = [
  monai({
    name: 'PerceptualLoss',
    module: 'perceptual',
    loss: 'perceptual',
    constructor_:
      "spatial_dims, network_type='alex', is_fake_3d=True, fake_3d_ratio=0.5, cache_dir=None, pretrained=True, pretrained_path=None, pretrained_state_dict_key=None, channel_wise=False",
    summary:
      'The distance between two images in the features of a pretrained network; for volumes, by default, the sum over slices along each axis.',
    refusal: network,
    caveats: [
      'With `is_fake_3d=True` volumes are compared in slices drawn at random, a `fake_3d_ratio` of them: the loss is another at each call.',
      'The default network is LPIPS’, which expects images in [−1, 1]; MONAI does not rescale them.',
    ],
  }),
  monai({
    name: 'DiceCELoss',
    alias: 'dice_ce',
    module: 'dice',
    loss: 'dice',
    constructor_: `${activations}, squared_pred=False, jaccard=False, reduction='mean', ${smoothing}, weight=None, lambda_dice=1.0, lambda_ce=1.0, label_smoothing=0.0`,
    summary: sum('the Dice loss and cross-entropy'),
    formula: sumFormula('Dice', 'CE'),
    caveats: [
      'Cross-entropy takes logits: give logits with `softmax=True`, which only the Dice part applies.',
      'With one channel the second part is binary cross-entropy with logits.',
    ],
  }),
  monai({
    name: 'DiceFocalLoss',
    alias: 'dice_focal',
    module: 'dice',
    loss: 'dice',
    constructor_: `${activations}, squared_pred=False, jaccard=False, reduction='mean', ${smoothing}, gamma=2.0, weight=None, lambda_dice=1.0, lambda_focal=1.0, alpha=None`,
    summary: sum('the Dice loss and the focal loss'),
    formula: sumFormula('Dice', 'focal'),
    caveats: [
      'The focal part takes logits: give logits with `sigmoid=True` or `softmax=True`, which the Dice part applies.',
    ],
  }),
  monai({
    name: 'GeneralizedDiceLoss',
    alias: 'generalized_dice',
    module: 'dice',
    constructor_: `${activations}, ${weights}, ${smoothing}, soft_label=False`,
    summary:
      'A Dice loss whose sums run over the classes too, each weighted by the inverse square of its true size.',
    formula: {
      tex: '1 - \\frac{2 \\sum_c w_c \\sum y \\hat y}{\\sum_c w_c \\sum (y + \\hat y)}, \\qquad w_c = \\frac{1}{\\left(\\sum y\\right)^2}',
      alternative: '1 − 2Σ w Σyŷ / Σ w Σ(y + ŷ) over the classes, with w = 1/(Σy)²',
    },
    caveats: [noActivation, 'A class without a true pixel gets the largest weight of the others.'],
  }),
  monai({
    name: 'GeneralizedDiceFocalLoss',
    alias: 'generalized_dice_focal',
    module: 'dice',
    loss: 'dice',
    constructor_: `${activations}, ${weights}, ${smoothing}, gamma=2.0, weight=None, lambda_gdl=1.0, lambda_focal=1.0`,
    summary: sum('the generalized Dice loss and the focal loss'),
    formula: sumFormula('GDL', 'focal'),
  }),
  monai({
    name: 'GeneralizedWassersteinDiceLoss',
    alias: 'generalized_wasserstein_dice',
    module: 'dice',
    constructor_: "dist_matrix, weighting_mode='default', reduction='mean', smooth_nr=1e-05, smooth_dr=1e-05",
    summary:
      'A Dice loss in which some confusions cost less than others, by a matrix of distances between the classes.',
    caveats: ['Takes logits: it applies a softmax over the channels itself.'],
  }),
  monai({
    name: 'MaskedDiceLoss',
    module: 'dice',
    loss: 'dice',
    constructor_: `${activations}, squared_pred=False, jaccard=False, reduction='mean', ${smoothing}, weight=None, soft_label=False`,
    call: 'input, target, mask=None',
    summary: 'The Dice loss where a mask is true.',
    caveats: [noActivation],
  }),
  monai({
    name: 'SoftclDiceLoss',
    module: 'cldice',
    constructor_: 'iter_=3, smooth=1.0',
    call: 'y_true, y_pred',
    summary:
      'Dice between each mask and the skeleton of the other, made by repeated soft erosion: for tubes such as vessels.',
    caveats: ['Arguments are the true mask first.', 'The first channel counts nothing.'],
  }),
  monai({
    name: 'SoftDiceclDiceLoss',
    module: 'cldice',
    constructor_: 'iter_=3, alpha=0.5, smooth=1.0',
    call: 'y_true, y_pred',
    summary: '(1 − α) times a Dice loss plus α times the loss between masks and skeletons.',
    caveats: ['Arguments are the true mask first.'],
  }),
  monai({
    name: 'HausdorffDTLoss',
    module: 'hausdorff_loss',
    constructor_:
      "alpha=2.0, include_background=False, to_onehot_y=False, sigmoid=False, softmax=False, other_act=None, reduction='mean', batch=False",
    summary:
      'Squared errors weighted by how far each pixel is from the edges of both masks, to the power of α.',
    caveats: [noActivation, 'The distances are computed outside of autograd and have no gradient.'],
  }),
  monai({
    name: 'LogHausdorffDTLoss',
    module: 'hausdorff_loss',
    constructor_:
      "alpha=2.0, include_background=False, to_onehot_y=False, sigmoid=False, softmax=False, other_act=None, reduction='mean', batch=False",
    summary: 'The logarithm of 1 + the Hausdorff loss of distance transforms.',
    caveats: [noActivation],
  }),
  monai({
    name: 'SSIMLoss',
    module: 'ssim_loss',
    constructor_:
      "spatial_dims, data_range=1.0, kernel_type='gaussian', win_size=11, kernel_sigma=1.5, k1=0.01, k2=0.03, reduction='mean'",
    summary:
      '1 − the structural similarity of two images, from means, variances and covariance in a sliding window.',
    caveats: ['`data_range` has to be that of the images: 1 for images in [0, 1].'],
  }),
  monai({
    name: 'NACLLoss',
    module: 'nacl_loss',
    constructor_: "classes, dim, kernel_size=3, kernel_ops='mean', distance_type='l1', alpha=0.1, sigma=1.0",
    call: 'inputs, targets',
    loss: 'pixelwise-cross-entropy',
    summary:
      'Cross-entropy plus α times the distance of the logits to the class frequencies in each pixel’s neighbourhood.',
  }),
  monai({
    name: 'AsymmetricUnifiedFocalLoss',
    module: 'unified_focal_loss',
    constructor_: "to_onehot_y=False, num_classes=2, weight=0.5, gamma=0.5, delta=0.7, reduction='mean'",
    call: 'y_pred, y_true',
    summary: sum('an asymmetric focal loss and an asymmetric focal Tversky loss'),
    caveats: ['Two classes only.'],
  }),
  monai({
    name: 'BarlowTwinsLoss',
    module: 'barlow_twins',
    constructor_: 'lambd=0.005',
    summary: 'The correlations between the features of two views should be the identity matrix.',
    formula: {
      tex: '\\sum_i (1 - C_{ii})^2 + \\lambda \\sum_{i \\ne j} C_{ij}^2',
      alternative: 'the sum of (1 − C)² on the diagonal plus λ times the sum of C² off it',
    },
  }),
  monai({
    name: 'ContrastiveLoss',
    module: 'contrastive',
    constructor_: 'temperature=0.5, batch_size=-1',
    summary:
      'Despite its name the NT-Xent loss of SimCLR, between two views of the same samples: no margin, no labels.',
    formula: {
      tex: '-\\log \\frac{e^{s_{ij}/\\tau}}{\\sum_{k \\ne i} e^{s_{ik}/\\tau}}',
      alternative: 'minus the log of the other view’s share in a softmax of cosines over all other rows',
    },
  }),
  monai({
    name: 'LocalNormalizedCrossCorrelationLoss',
    module: 'image_dissimilarity',
    constructor_:
      "spatial_dims=3, kernel_size=3, kernel_type='rectangular', reduction='mean', smooth_nr=0.0, smooth_dr=1e-05",
    call: 'pred, target',
    summary: 'Minus the squared correlation of two images in a sliding window: for registration.',
  }),
  monai({
    name: 'GlobalMutualInformationLoss',
    module: 'image_dissimilarity',
    constructor_:
      "kernel_type='gaussian', num_bins=23, sigma_ratio=0.5, reduction='mean', smooth_nr=1e-07, smooth_dr=1e-07",
    call: 'pred, target',
    summary:
      'Minus the mutual information of the intensities of two images, from soft histograms: for registration.',
  }),
  monai({
    name: 'BendingEnergyLoss',
    module: 'deform',
    constructor_: "normalize=False, reduction='mean'",
    call: 'pred',
    summary: 'Squares of the second derivatives of a displacement field: how sharply it bends.',
  }),
  monai({
    name: 'DiffusionLoss',
    module: 'deform',
    constructor_: "normalize=False, reduction='mean'",
    call: 'pred',
    summary: 'Squares of the first derivatives of a displacement field: how little smooth it is.',
  }),
  monai({
    name: 'JukeboxLoss',
    module: 'spectral_loss',
    constructor_: "spatial_dims, fft_signal_size=None, fft_norm='ortho', reduction='mean'",
    loss: 'mean-squared-error',
    summary: 'The squared error between the amplitudes of the Fourier transforms of two images.',
    refusal: 'it goes through a Fourier transform',
  }),
  monai({
    name: 'BoxGIoULoss',
    alias: 'giou',
    module: 'giou_loss',
    constructor_: "reduction='mean'",
    summary: '1 − the generalized IoU of pairs of boxes.',
  }),
  monai({
    name: 'SURELoss',
    module: 'sure_loss',
    constructor_: 'perturb_noise=None, eps=None',
    call: 'operator, x, y_pseudo_gt, y_ref=None, complex_input=False',
    summary: 'Stein’s unbiased estimate of the risk of a denoiser, from a random perturbation of its input.',
    refusal: callable,
  }),
  ...['DeepSupervisionLoss', 'MultiScaleLoss', 'MaskedLoss'].map((name, i) =>
    monai({
      name,
      module: ['ds_loss', 'multi_scale', 'spatial_mask'][i]!,
      constructor_: [
        "loss, weight_mode='exp', weights=None",
        "loss, scales=None, kernel='gaussian', reduction='mean'",
        'loss',
      ][i]!,
      call: ['input, target', 'y_true, y_pred', 'input, target, mask=None'][i]!,
      summary: [
        'A weighted sum of another loss at several resolutions of the prediction.',
        'The mean of another loss after smoothing both images at several scales.',
        'Another loss where a mask is true.',
      ][i]!,
      refusal: 'it wraps another loss: evaluate that one',
    }),
  ),
  ...kornia('CharbonnierLoss', 'charbonnier_loss', {
    module: 'charbonnier',
    ...robust,
    summary: 'Quadratic near 0 and straight far out, without a kink: a smooth absolute error.',
    formula: { tex: '\\sqrt{(x - y)^2 + 1} - 1', alternative: 'the root of (x − y)² + 1, less 1' },
    caveats: notReduced,
  }),
  ...kornia('CauchyLoss', 'cauchy_loss', {
    module: 'cauchy',
    ...robust,
    summary: 'Quadratic near 0 and logarithmic far out: outliers count little.',
    formula: { tex: '\\log\\left(\\tfrac12 (x - y)^2 + 1\\right)', alternative: 'log(½(x − y)² + 1)' },
    caveats: notReduced,
  }),
  ...kornia('GemanMcclureLoss', 'geman_mcclure_loss', {
    module: 'geman_mcclure',
    ...robust,
    summary: 'Quadratic near 0 and at most 2: outliers send almost no gradient.',
    formula: {
      tex: '\\frac{2 (x - y)^2}{(x - y)^2 + 4}',
      alternative: '2(x − y)² / ((x − y)² + 4)',
    },
    caveats: notReduced,
  }),
  ...kornia('WelschLoss', 'welsch_loss', {
    module: 'welsch',
    ...robust,
    summary: 'Quadratic near 0 and at most 1: outliers send no gradient.',
    formula: { tex: '1 - e^{-\\frac12 (x - y)^2}', alternative: '1 − e^(−½(x − y)²)' },
    caveats: notReduced,
  }),
  ...kornia('PSNRLoss', 'psnr_loss', {
    module: 'psnr',
    constructor_: 'max_val',
    call: 'image, target',
    loss: 'mean-squared-error',
    summary: 'Minus the peak signal-to-noise ratio in decibels: −10 log₁₀(max² / mean squared error).',
  }),
  ...kornia('SSIMLoss', 'ssim_loss', {
    module: 'ssim',
    constructor_: "window_size, max_val=1.0, eps=1e-12, reduction='mean', padding='same'",
    call: 'img1, img2',
    summary: 'Half of 1 − the structural similarity, clamped to [0, 1].',
    caveats: ['It is (1 − SSIM)/2, half of what other libraries call the SSIM loss.'],
  }),
  ...kornia('LovaszHingeLoss', 'lovasz_hinge_loss', {
    module: 'lovasz_hinge',
    loss: 'jaccard',
    summary:
      'A convex surrogate of the Jaccard loss for binary masks: hinge errors, sorted, each weighted by what it costs the index.',
    caveats: ['Takes logits.'],
  }),
  ...kornia('LovaszSoftmaxLoss', 'lovasz_softmax_loss', {
    module: 'lovasz_softmax',
    constructor_: 'weight=None',
    loss: 'jaccard',
    summary:
      'A surrogate of the Jaccard loss for several classes: errors of the softmax, sorted, each weighted by what it costs the index.',
    caveats: ['Takes logits: it applies a softmax over the channels itself.'],
  }),
  ...kornia('InverseDepthSmoothnessLoss', 'inverse_depth_smoothness_loss', {
    module: 'depth_smooth',
    call: 'idepth, image',
    summary:
      'Absolute differences between neighbours in an inverse depth map, which count less where the image has an edge.',
  }),
  ...['js', 'kl'].map((kind) =>
    of(
      'kornia',
      'kornia.losses',
      "pred, target, reduction='mean'",
    )({
      name: `${kind}_div_loss_2d`,
      module: 'divergence',
      loss: 'kl-divergence',
      summary: `The ${kind === 'js' ? 'Jensen–Shannon' : 'Kullback–Leibler'} divergence of two heat maps, summed over each map.`,
      caveats: ['Takes probabilities that sum to 1 over each map; it normalises nothing.'],
    }),
  ),
  ...['MS_SSIMLoss', 'HausdorffERLoss', 'HausdorffERLoss3D'].map((name, i) =>
    of(
      'kornia',
      'kornia.losses',
      i === 0 ? 'img1, img2' : 'pred, target',
    )({
      name,
      module: i === 0 ? 'ms_ssim' : 'hausdorff',
      constructor_:
        i === 0
          ? "sigmas=(0.5, 1.0, 2.0, 4.0, 8.0), data_range=1.0, K=(0.01, 0.03), alpha=0.025, compensation=200.0, reduction='mean'"
          : "alpha=2.0, k=10, reduction='mean'",
      summary:
        i === 0
          ? 'A mix of 1 − multi-scale structural similarity and the absolute error under a Gaussian, times `compensation`.'
          : 'An estimate of the Hausdorff distance of two masks by repeated erosion of their squared difference.',
    }),
  ),
  smp({
    name: 'LovaszLoss',
    module: 'lovasz',
    loss: 'jaccard',
    constructor_: 'mode, per_image=False, ignore_index=None, from_logits=True',
    summary:
      'The Lovász surrogate of the Jaccard loss: errors, sorted, each weighted by what it costs the index.',
    caveats: ['Takes logits; `from_logits` is accepted and changes nothing.'],
  }),
  smp({
    name: 'MCCLoss',
    module: 'mcc',
    constructor_: 'eps=1e-05',
    summary: '1 − Matthews’ correlation coefficient of binary masks, pooled over the batch.',
    caveats: ['Takes probabilities: it applies no sigmoid.'],
  }),
  boxes({
    name: 'generalized_box_iou_loss',
    module: 'giou_loss',
    summary:
      '1 − the generalized IoU of pairs of boxes: the overlap, less the share of the enclosing box that neither fills.',
    formula: {
      tex: '1 - \\frac{|A \\cap B|}{|A \\cup B|} + \\frac{|C| - |A \\cup B|}{|C|}',
      alternative: '1 − IoU + (enclosing box − union) / enclosing box',
    },
    caveats: ['Boxes are `x1, y1, x2, y2` with x1 < x2 and y1 < y2.', ...notReduced],
  }),
  boxes({
    name: 'distance_box_iou_loss',
    module: 'diou_loss',
    summary: '1 − IoU, plus the squared distance of the centers over that of the enclosing box’s corners.',
    formula: {
      tex: '1 - \\mathrm{IoU} + \\frac{\\rho^2(a, b)}{c^2}',
      alternative: '1 − IoU + squared distance of the centers / squared diagonal of the enclosing box',
    },
    caveats: ['Boxes are `x1, y1, x2, y2` with x1 < x2 and y1 < y2.', ...notReduced],
  }),
  boxes({
    name: 'complete_box_iou_loss',
    module: 'ciou_loss',
    summary: 'The distance-IoU loss, plus a term for different aspect ratios.',
    formula: {
      tex: '1 - \\mathrm{IoU} + \\frac{\\rho^2(a, b)}{c^2} + \\alpha v, \\quad v = \\frac{4}{\\pi^2}\\left(\\arctan\\frac{w_b}{h_b} - \\arctan\\frac{w_a}{h_a}\\right)^2',
      alternative: 'the distance-IoU loss + α times 4/π² of the squared difference of the boxes’ angles',
    },
    caveats: ['Boxes are `x1, y1, x2, y2` with x1 < x2 and y1 < y2.', ...notReduced],
  }),
  explain({
    name: 'lpips.LPIPS',
    framework: 'lpips',
    loss: 'perceptual',
    paths: ['lpips.LPIPS', 'lpips.lpips.LPIPS'],
    constructor_:
      "pretrained=True, net='alex', version='0.1', lpips=True, spatial=False, pnet_rand=False, pnet_tune=False, use_dropout=True, model_path=None, eval_mode=True, verbose=True",
    call: 'in0, in1, retPerLayer=False, normalize=False',
    summary:
      'Squared differences of normalised features of a pretrained network, weighted by what people were seen to notice.',
    refusal: network,
    caveats: [
      'Images have to be in [−1, 1]; `normalize=True` says that they are in [0, 1].',
      'Not reduced: one value for each image, [N, 1, 1, 1].',
      'Features are normalised to length 1 over the channels first, unlike those of the perceptual loss in the catalogue.',
    ],
  }),
];
