"""Overlap, focal, adversarial and total variation losses of segmentation-models-pytorch, MONAI and kornia.

Their losses are imported without the rest of each package, so that no image reader or model library is needed.
"""

import importlib
import importlib.util
import pathlib
import sys
import types

import numpy as np

from cases import INF, NAN, Cases, array, binary, labels, normal, unit

REQUIRES = ("segmentation_models_pytorch", "monai", "kornia")

# The packages whose own __init__ is passed over.
BARE = {
    "segmentation_models_pytorch": ("segmentation_models_pytorch",),
    "monai": (),
    "kornia": ("kornia", "kornia.core", "kornia.losses"),
}

MODULES = {
    "segmentation_models_pytorch.losses": "segmentation_models_pytorch.losses",
    "monai.losses": "monai.losses",
    "kornia.losses": ("kornia.losses.dice", "kornia.losses.focal", "kornia.losses.total_variation", "kornia.losses.tversky"),
}


def load(package):
    """What the losses of one package are called, and they."""
    top = package.split(".")[0]
    root = pathlib.Path(importlib.util.find_spec(top).submodule_search_locations[0])
    for name in BARE[top]:
        module = types.ModuleType(name)
        module.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = module
    modules = MODULES[package]
    found = {}
    for name in [modules] if isinstance(modules, str) else modules:
        found.update(vars(importlib.import_module(name)))
    return found


def answers(cases):
    from make_goldens import torch_answers

    packages = {package: load(package) for package in MODULES}

    def call(symbol, parameters, tensors):
        package, name = symbol.rsplit(".", 1)
        loss = packages[package][name]
        given = dict(tensors)
        if package == "kornia.losses":
            if not isinstance(loss, type):
                return loss(**given, **parameters)
            made_with = {n: given.pop(n) for n in ("weight", "pos_weight") if n in given}
            return loss(**made_with, **parameters)(*given.values())
        # Lists in the users' code.
        made_with = {n: given.pop(n).tolist() for n in ("classes", "class_weights", "weight") if n in given}
        if symbol.endswith("SoftBCEWithLogitsLoss"):
            # Buffers, not lists.
            made_with = {n: tensors[n] for n in ("weight", "pos_weight") if n in tensors}
            given = {n: tensor for n, tensor in tensors.items() if n not in made_with}
        of_call = {n: parameters[n] for n in ("target_is_real", "for_discriminator") if n in parameters}
        made_with |= {n: value for n, value in parameters.items() if n not in of_call}
        value = loss(**made_with)(*given.values(), **of_call)
        # Unreduced, MONAI's adversarial loss is a list with one entry for each discriminator.
        return value[0] if isinstance(value, list) else value

    records, versions = torch_answers(cases, call)
    return records, {
        **versions,
        "segmentation_models_pytorch": "0.5.1.dev0, commit 5006616357631a48c7c8e11977cf5abb00803590",
        "monai": "1.5.0, commit d70390cc802549920064c32a79f39c9ad0cd98a8",
        "kornia": "0.9.0rc1, commit b4f5a78a13891c7ac4c1cd9695941380273e981d",
    }


def cases():
    collected = Cases()

    def adder(symbol, *names):
        def add(note, *arrays, surrogate=False, more=None, **parameters):
            collected.add(symbol, note, {**dict(zip(names, arrays)), **(more or {})}, parameters, surrogate)

        return add

    for name in ("DiceLoss", "JaccardLoss", "TverskyLoss"):
        smp_overlap(adder(f"segmentation_models_pytorch.losses.{name}", "y_pred", "y_true"))
    smp_tversky(adder("segmentation_models_pytorch.losses.TverskyLoss", "y_pred", "y_true"))
    for name in ("DiceLoss", "TverskyLoss"):
        monai_overlap(adder(f"monai.losses.{name}", "input", "target"))
    monai_dice(adder("monai.losses.DiceLoss", "input", "target"))
    monai_tversky(adder("monai.losses.TverskyLoss", "input", "target"))
    total_variation(adder("kornia.losses.total_variation", "img"), reductions=True)
    total_variation(adder("kornia.losses.TotalVariation", "img"), reductions=False)
    for name in ("dice_loss", "DiceLoss"):
        kornia_dice(adder(f"kornia.losses.{name}", "pred", "target"))
    for name in ("tversky_loss", "TverskyLoss"):
        kornia_tversky(adder(f"kornia.losses.{name}", "pred", "target"))
    smp_soft_binary(adder("segmentation_models_pytorch.losses.SoftBCEWithLogitsLoss", "y_pred", "y_true"))
    smp_soft_labels(adder("segmentation_models_pytorch.losses.SoftCrossEntropyLoss", "y_pred", "y_true"))
    smp_focal(adder("segmentation_models_pytorch.losses.FocalLoss", "y_pred", "y_true"))
    monai_focal(adder("monai.losses.FocalLoss", "input", "target"))
    monai_adversarial(adder("monai.losses.PatchAdversarialLoss", "input"))
    for name in ("focal_loss", "FocalLoss"):
        kornia_focal(adder(f"kornia.losses.{name}", "pred", "target"))
    for name in ("binary_focal_loss_with_logits", "BinaryFocalLossWithLogits"):
        kornia_binary_focal(adder(f"kornia.losses.{name}", "pred", "target"))
    return collected.all


# --- segmentation-models-pytorch


def smp_overlap(add):
    x, y = normal(1, 2, 1, 2, 3), binary(2, 2, 2, 3, dtype="int64")
    add("binary", x, y, mode="binary")
    add("binary, target [N, 1, H, W]", x, y[:, None], mode="binary")
    add("binary, float64 target", x, y.astype("float64"), mode="binary")
    add("binary, float32 target", x, y.astype("float32"), mode="binary")
    add("binary, bool target", x, y.astype("bool"), mode="binary")
    add("binary, uint8 target", x, y.astype("uint8"), mode="binary")
    add("binary, soft target", x, unit(3, 2, 2, 3), mode="binary")
    add("binary, target above 1", x, array([[[2.0, 0, 1], [1, 3, 0]], [[0, 1, 1], [0, 0, 2]]]), mode="binary")
    add("binary, [N, C] of two", normal(4, 3, 2), binary(5, 3, 2, dtype="int64"), mode="binary")
    add("binary, probabilities", unit(6, 2, 1, 2, 3), y, mode="binary", from_logits=False)
    add("binary, probabilities of 0 and 1", array([[[0.0, 1, 1, 0]]]), array([[0, 1, 0, 1]], "int64"), mode="binary", from_logits=False, surrogate=True)
    add("binary, log_loss", x, y, mode="binary", log_loss=True)
    add("binary, smooth 1", x, y, mode="binary", smooth=1.0)
    add("binary, eps 100 is the denominator", x, y, mode="binary", eps=100.0)
    add("binary, eps 0.5, log_loss clamped", array([[[-4.0, -3, -5]]]), array([[1, 0, 1]], "int64"), mode="binary", eps=0.5, log_loss=True)
    add("binary, ignore_index 255", x, array([[[1, 255, 0], [1, 1, 255]], [[0, 1, 255], [0, 1, 0]]], "int64"), mode="binary", ignore_index=255)
    add("binary, ignore_index -1, float target", x, array([[[1.0, -1, 0], [1, 1, -1]], [[0, 1, -1], [0, 1, 0]]]), mode="binary", ignore_index=-1)
    add("binary, all ignored", x, np.full((2, 2, 3), 255), mode="binary", ignore_index=255)
    add("binary, all ignored, smooth 1", x, np.full((2, 2, 3), 255), mode="binary", ignore_index=255, smooth=1.0)
    add("binary, empty mask", x, np.zeros((2, 2, 3), "int64"), mode="binary")
    add("binary, empty mask, log_loss", x, np.zeros((2, 2, 3), "int64"), mode="binary", log_loss=True)
    add("binary, full mask", x, np.ones((2, 2, 3), "int64"), mode="binary")
    add("binary, infinite logits", array([[[INF, -INF, INF, -INF]]]), array([[1, 0, 0, 1]], "int64"), mode="binary", surrogate=True)
    add("binary, large logits", array([[[30.0, -30, 800, -800]]]), array([[1, 0, 0, 1]], "int64"), mode="binary")
    add("binary, NaN", array([[[NAN, 0.3, 0.2]]]), array([[1, 0, 1]], "int64"), mode="binary", surrogate=True)
    add("binary, NaN at an ignored pixel", array([[[NAN, 0.3, 0.2]]]), array([[255, 0, 1]], "int64"), mode="binary", ignore_index=255, surrogate=True)
    add("binary, float32", x.astype("float32"), y, mode="binary")
    add("binary, float32, float64 target", x.astype("float32"), y.astype("float64"), mode="binary")
    add("binary, int64 prediction", x.astype("int64"), y, mode="binary")
    add("binary, int64 probabilities", y[:, None], y, mode="binary", from_logits=False)
    add("binary, one dimension", normal(7, 4), binary(8, 4, dtype="int64"), mode="binary")
    add("binary, batches differ", x, y[:1], mode="binary")
    add("binary, sizes differ", x, y[:, :1], mode="binary")
    add("binary, no samples", np.zeros((0, 1, 2)), np.zeros((0, 2), "int64"), mode="binary")
    add("binary, classes", x, y, mode="binary", more={"classes": array([0], "int64")})
    add("binary, class_weights", x, y, mode="binary", more={"class_weights": array([1.0])})
    add("no such mode", x, y, mode="pixels")

    x, y = normal(11, 2, 3, 2, 2), labels(12, 3, 2, 2, 2)
    add("multiclass", x, y, mode="multiclass")
    add("multiclass, target [N, 1, H, W]", x, y[:, None], mode="multiclass")
    add("multiclass, [N, C]", normal(13, 4, 3), labels(14, 3, 4), mode="multiclass")
    add("multiclass, probabilities", unit(15, 2, 3, 2, 2), y, mode="multiclass", from_logits=False)
    add("multiclass, log_loss, smooth 0.5", x, y, mode="multiclass", log_loss=True, smooth=0.5)
    add("multiclass, a class that does not occur", x, np.minimum(y, 1), mode="multiclass")
    add("multiclass, classes [2, 0]", x, y, mode="multiclass", more={"classes": array([2, 0], "int64")})
    add("multiclass, classes twice and from the end", x, y, mode="multiclass", more={"classes": array([1, 1, -1], "int64")})
    add("multiclass, class 3 of 3", x, y, mode="multiclass", more={"classes": array([3], "int64")})
    add("multiclass, class_weights", x, y, mode="multiclass", more={"class_weights": array([0.3, 2.0, 1.1])})
    add("multiclass, class_weights and classes", x, y, mode="multiclass", more={"classes": array([2, 1], "int64"), "class_weights": array([0.3, 2.0, 1.1])})
    add("multiclass, class_weights of 0", x, y, mode="multiclass", more={"class_weights": array([0.0, 0.0, 0.0])})
    add("multiclass, two class_weights for three classes", x, y, mode="multiclass", more={"class_weights": array([0.3, 2.0])})
    add("multiclass, ignore_index 255", x, array([[[0, 255], [1, 2]], [[2, 255], [1, 1]]], "int64"), mode="multiclass", ignore_index=255)
    add("multiclass, ignore_index 0", x, y, mode="multiclass", ignore_index=0)
    add("multiclass, ignore_index, float labels", x, y + 0.75, mode="multiclass", ignore_index=255)
    add("multiclass, float labels", x, y.astype("float64"), mode="multiclass")
    add("multiclass, int32 labels", x, y.astype("int32"), mode="multiclass")
    add("multiclass, uint8 labels", x, y.astype("uint8"), mode="multiclass")
    add("multiclass, label 3 of 3", x, y + 1, mode="multiclass")
    add("multiclass, label -1", x, y - 1, mode="multiclass")
    add("multiclass, one-hot target", x, np.eye(3, dtype="int64")[y].transpose(0, 3, 1, 2), mode="multiclass")
    add("multiclass, infinite logit", np.where(x == x[0, 0, 0, 0], INF, x), y, mode="multiclass", surrogate=True)
    add("multiclass, logit -inf", np.where(x == x[0, 0, 0, 0], -INF, x), y, mode="multiclass")
    add("multiclass, float32", x.astype("float32"), y, mode="multiclass")

    x, y = normal(21, 2, 3, 2, 2), binary(22, 2, 3, 2, 2)
    add("multilabel", x, y, mode="multilabel")
    add("multilabel, [N, C, L], int64", normal(23, 2, 3, 4), binary(24, 2, 3, 4, dtype="int64"), mode="multilabel")
    add("multilabel, target [N, C, H·W]", x, y.reshape(2, 3, 4), mode="multilabel")
    add("multilabel, probabilities, log_loss", unit(25, 2, 3, 2, 2), y, mode="multilabel", from_logits=False, log_loss=True)
    add("multilabel, an empty class", x, y * array([1.0, 0, 1]).reshape(1, 3, 1, 1), mode="multilabel")
    add("multilabel, classes [1]", x, y, mode="multilabel", more={"classes": array([1], "int64")})
    add("multilabel, class_weights", x, y, mode="multilabel", more={"class_weights": array([0.3, 2.0, 1.1])})
    add("multilabel, ignore_index 1", x, y, mode="multilabel", ignore_index=1)
    add("multilabel, ignore_index -1", x, np.where(unit(26, 2, 3, 2, 2) < 0.3, -1, y), mode="multilabel", ignore_index=-1)
    add("multilabel, target [N, H, W]", x, y[:, 0], mode="multilabel")


def smp_tversky(add):
    x, y = normal(31, 2, 1, 2, 3), binary(32, 2, 2, 3, dtype="int64")
    for alpha, beta in ((0.3, 0.7), (1, 0), (0, 1), (0, 0), (1, 1)):
        add(f"binary, alpha {alpha}, beta {beta}", x, y, mode="binary", alpha=alpha, beta=beta)
    for gamma in (0.75, 2, 0):
        add(f"binary, gamma {gamma}", x, y, mode="binary", gamma=gamma)
    add("binary, gamma 2, empty mask", x, np.zeros((2, 2, 3), "int64"), mode="binary", gamma=2.0)
    add("binary, gamma 0.5, empty mask", x, np.zeros((2, 2, 3), "int64"), mode="binary", gamma=0.5, surrogate=True)
    x, y = normal(33, 2, 3, 2, 2), labels(34, 3, 2, 2, 2)
    add("multiclass, alpha 0.3, beta 0.7, gamma 1.5, log_loss", x, y, mode="multiclass", alpha=0.3, beta=0.7, gamma=1.5, log_loss=True)
    add("multiclass, gamma 1.5, class_weights", x, y, mode="multiclass", gamma=1.5, more={"class_weights": array([0.3, 2.0, 1.1])})


# --- MONAI


def monai_overlap(add):
    p, t = unit(41, 2, 3, 2, 2), binary(42, 2, 3, 2, 2)
    x, y = normal(43, 2, 3, 2, 2), labels(44, 3, 2, 1, 2, 2)
    add("probabilities as they are", p, t)
    for reduction in ("none", "mean", "sum"):
        add(f"reduction {reduction}", p, t, reduction=reduction)
        add(f"reduction {reduction}, batch", p, t, reduction=reduction, batch=True)
        add(f"reduction {reduction}, no background", p, t, reduction=reduction, include_background=False)
        add(f"reduction {reduction}, no background, batch, softmax, labels", x, y, reduction=reduction, include_background=False, batch=True, softmax=True, to_onehot_y=True)
    add("reduction sums", p, t, reduction="sums")
    add("logits without an activation", x, t)
    add("sigmoid", x, t, sigmoid=True)
    add("softmax", x, t, softmax=True)
    add("softmax, labels", x, y, softmax=True, to_onehot_y=True)
    add("softmax, float labels are truncated", x, y + 0.75, softmax=True, to_onehot_y=True)
    add("softmax, int32 labels", x, y.astype("int32"), softmax=True, to_onehot_y=True)
    add("softmax, labels [N, H, W]", x, y[:, 0], softmax=True, to_onehot_y=True)
    add("softmax, label 3 of 3", x, y + 1, softmax=True, to_onehot_y=True)
    add("softmax, label -1", x, y - 1, softmax=True, to_onehot_y=True)
    add("no other activation", p, t, other_act=None)
    add("sigmoid and softmax", x, t, sigmoid=True, softmax=True)
    add("one channel, softmax", x[:, :1], t[:, :1], softmax=True)
    add("one channel, labels", p[:, :1], t[:, :1], to_onehot_y=True)
    add("one channel, no background", p[:, :1], t[:, :1], include_background=False)
    add("smooth_nr 0, smooth_dr 0", p, t, smooth_nr=0, smooth_dr=0)
    add("smooth_nr 1, smooth_dr 0.5", p, t, smooth_nr=1.0, smooth_dr=0.5)
    add("empty masks", np.zeros((1, 2, 3)), np.zeros((1, 2, 3)))
    add("empty masks, smooth 0", np.zeros((1, 2, 3)), np.zeros((1, 2, 3)), smooth_nr=0, smooth_dr=0, surrogate=True)
    add("empty target", p, np.zeros_like(t))
    add("soft target", p, unit(45, 2, 3, 2, 2))
    add("soft_label", p, unit(45, 2, 3, 2, 2), soft_label=True)
    add("soft_label, hard target", p, t, soft_label=True)
    add("soft_label, int64 target", p, t.astype("int64"), soft_label=True)
    add("soft_label, labels", x, y, softmax=True, to_onehot_y=True, soft_label=True)
    add("soft_label, negative scores", x, t, soft_label=True)
    add("int64 target", p, t.astype("int64"))
    add("bool target", p, t.astype("bool"))
    add("bool target, none", p, t.astype("bool"), reduction="none")
    add("one spatial dimension", unit(46, 2, 3, 4), binary(47, 2, 3, 4))
    add("three spatial dimensions", unit(48, 1, 2, 2, 1, 3), binary(49, 1, 2, 2, 1, 3), reduction="none")
    for reduction in ("none", "mean"):
        add(f"no spatial dimension, {reduction}", unit(50, 3, 2), binary(51, 3, 2), reduction=reduction)
        add(f"no spatial dimension, batch, {reduction}", unit(50, 3, 2), binary(51, 3, 2), reduction=reduction, batch=True)
    add("one dimension", unit(52, 4), binary(53, 4))
    add("shapes differ", p, t[:, :2])
    add("target without channel", p, t[:, 0])
    add("float32", p.astype("float32"), t.astype("float32"))
    add("float32, float64 target", p.astype("float32"), t)
    add("float32, softmax, labels", x.astype("float32"), y, softmax=True, to_onehot_y=True)
    add("infinite logits, sigmoid", array([[[INF, -INF, INF, -INF]]]), array([[[1.0, 0, 0, 1]]]), sigmoid=True, surrogate=True)
    add("NaN", array([[[NAN, 0.5]]]), array([[[1.0, 0]]]), surrogate=True)
    add("no samples", np.zeros((0, 2, 3)), np.zeros((0, 2, 3)))
    add("no pixels", np.zeros((1, 2, 0)), np.zeros((1, 2, 0)))


def monai_dice(add):
    p, t = unit(61, 2, 3, 2, 2), binary(62, 2, 3, 2, 2)
    add("jaccard", p, t, jaccard=True)
    add("jaccard, soft_label", p, unit(63, 2, 3, 2, 2), jaccard=True, soft_label=True)
    add("squared_pred", p, t, squared_pred=True)
    add("squared_pred, jaccard, batch", p, t, squared_pred=True, jaccard=True, batch=True)
    add("squared_pred, soft target", p, unit(64, 2, 3, 2, 2), squared_pred=True)
    add("squared_pred, soft_label", p, unit(64, 2, 3, 2, 2), squared_pred=True, soft_label=True)
    add("squared_pred, int64 target", p, t.astype("int64"), squared_pred=True)
    add("squared_pred, empty masks", np.zeros((1, 2, 3)), np.zeros((1, 2, 3)), squared_pred=True, surrogate=True)
    add("squared_pred, negative scores", normal(65, 2, 3, 4), t.reshape(2, 3, 4), squared_pred=True)
    # A list of Python numbers becomes float32: these are the same there.
    weight = array([0.25, 2.0, 1.125])
    for reduction in ("none", "mean", "sum"):
        add(f"weight, {reduction}", p, t, reduction=reduction, more={"weight": weight})
        add(f"weight, batch, {reduction}", p, t, reduction=reduction, batch=True, more={"weight": weight})
    add("one weight for all", p, t, more={"weight": array(0.25)})
    add("weight without the background", p, t, include_background=False, more={"weight": weight[1:]})
    add("weight of the background too", p, t, include_background=False, more={"weight": weight})
    add("negative weight", p, t, more={"weight": -weight})
    add("weight of one channel is not used", p[:, :1], t[:, :1], more={"weight": weight})
    add("no spatial dimension, weight, none", unit(66, 4, 3), binary(67, 4, 3), reduction="none", more={"weight": weight})
    add("no spatial dimension, weight, mean", unit(66, 4, 3), binary(67, 4, 3), more={"weight": weight})
    add("no spatial dimension, one weight, sum", unit(66, 4, 3), binary(67, 4, 3), reduction="sum", more={"weight": array(0.25)})
    add("no spatial dimension, squared_pred", unit(66, 4, 3), binary(67, 4, 3), squared_pred=True)
    add("no spatial dimension, labels", normal(68, 4, 3), labels(69, 3, 4), softmax=True, to_onehot_y=True)


def monai_tversky(add):
    p, t = unit(71, 2, 3, 2, 2), binary(72, 2, 3, 2, 2)
    for alpha, beta in ((0.3, 0.7), (1, 0), (0, 1), (1, 1)):
        add(f"alpha {alpha}, beta {beta}", p, t, alpha=alpha, beta=beta)
    add("alpha 0, beta 0", p, t, alpha=0, beta=0, smooth_dr=1.0)
    add("alpha 0.3, beta 0.7, soft_label", p, unit(73, 2, 3, 2, 2), alpha=0.3, beta=0.7, soft_label=True)
    add("no spatial dimension, soft_label", unit(74, 4, 3), unit(75, 4, 3), soft_label=True)


# --- kornia


def total_variation(add, reductions):
    for reduction in ({}, *({"reduction": r} for r in ("sum", "mean") if reductions)):
        note = reduction.get("reduction", "as it is")
        add(f"[H, W], {note}", normal(81, 3, 4), **reduction)
        add(f"[2, 3, H, W], {note}", normal(82, 2, 3, 3, 2), **reduction)
        add(f"[2, H, W], {note}", normal(83, 2, 2, 3), **reduction)
        add(f"equal neighbours, {note}", array([[1.0, 1, 2], [1, 3, 2]]), surrogate=True, **reduction)
        add(f"one row, {note}", normal(84, 1, 4), **reduction)
        add(f"one pixel, {note}", array([[0.7]]), **reduction)
        add(f"no rows, {note}", np.zeros((0, 3)), **reduction)
        add(f"no images, {note}", np.zeros((0, 2, 3)), **reduction)
        add(f"infinities, {note}", array([[INF, 1, -INF], [0.5, INF, 2]]), surrogate=True, **reduction)
        add(f"NaN, {note}", array([[NAN, 1, 2], [0.5, 4, 3]]), surrogate=True, **reduction)
        add(f"float32, {note}", normal(85, 2, 3, 4, dtype="float32"), **reduction)
        add(f"int64, {note}", labels(86, 9, 3, 4), **reduction)
    add("one dimension", normal(87, 4))
    add("bool", binary(88, 3, 4, dtype="bool"))
    if reductions:
        add("reduction none", normal(89, 3, 4), reduction="none")


def kornia_dice(add):
    x, y = normal(91, 2, 3, 2, 3), labels(92, 3, 2, 2, 3)
    weight = array([0.3, 2.0, 1.1])
    for average in ("micro", "macro"):
        add(f"{average}", x, y, average=average)
        add(f"{average}, eps 1", x, y, average=average, eps=1.0)
        add(f"{average}, weight", x, y, average=average, more={"weight": weight})
        add(f"{average}, float32 weight", x, y, average=average, more={"weight": weight.astype("float32")})
        add(f"{average}, weight of 0", x, y, average=average, more={"weight": 0 * weight}, surrogate=True)
        add(f"{average}, ignored", x, np.where(y == 1, -100, y), average=average)
        add(f"{average}, all ignored", x, np.full_like(y, -100), average=average)
        add(f"{average}, all ignored, eps 0", x, np.full_like(y, -100), average=average, eps=0, surrogate=True)
        add(f"{average}, ignore_index 0, weight", x, y, average=average, ignore_index=0, more={"weight": weight})
        add(f"{average}, float32", x.astype("float32"), y, average=average)
        add(f"{average}, float32, float64 weight", x.astype("float32"), y, average=average, more={"weight": weight})
        add(f"{average}, one class", x[:, :1], 0 * y, average=average)
        add(f"{average}, no samples", np.zeros((0, 3, 2, 2)), np.zeros((0, 2, 2), "int64"), average=average)
    add("default", x, y)
    add("no ignore_index", x, y, ignore_index=None)
    add("no ignore_index, label -100", x, np.where(y == 1, -100, y), ignore_index=None)
    add("average none", x, y, average="none")
    add("label 3 of 3", x, y + 1)
    add("label -1", x, y - 1)
    add("int32 labels", x, y.astype("int32"))
    add("float labels", x, y.astype("float64"))
    add("uint8 labels", x, y.astype("uint8"))
    add("int64 scores", x.astype("int64"), y)
    add("two weights for three classes", x, y, more={"weight": weight[:2]})
    add("[N, C, H]", x[..., 0], y[..., 0])
    add("sizes differ", x, y[..., :2])
    add("infinite logit", np.where(x == x[0, 0, 0, 0], INF, x), y, surrogate=True)
    add("logit -inf", np.where(x == x[0, 0, 0, 0], -INF, x), y)
    add("NaN", np.where(x == x[0, 0, 0, 0], NAN, x), y, surrogate=True)
    add("large logits", 20 * x, y)


def kornia_tversky(add):
    x, y = normal(101, 2, 3, 2, 3), labels(102, 3, 2, 2, 3)
    for alpha, beta in ((0.5, 0.5), (0.3, 0.7), (1, 0), (0, 1), (1, 1)):
        add(f"alpha {alpha}, beta {beta}", x, y, alpha=alpha, beta=beta)
    add("alpha 0, beta 0", x, y, alpha=0, beta=0, eps=1.0)
    half = {"alpha": 0.5, "beta": 0.5}
    add("eps 1", x, y, eps=1.0, **half)
    add("ignored", x, np.where(y == 1, -100, y), **half)
    add("all ignored", x, np.full_like(y, -100), **half)
    add("ignore_index 0", x, y, ignore_index=0, **half)
    add("no ignore_index", x, y, ignore_index=None, **half)
    add("no ignore_index, label -100", x, np.where(y == 1, -100, y), ignore_index=None, **half)
    add("float32", x.astype("float32"), y, **half)
    add("one class", x[:, :1], 0 * y, **half)
    add("no samples", np.zeros((0, 3, 2, 2)), np.zeros((0, 2, 2), "int64"), **half)
    add("label 3 of 3", x, y + 1, **half)
    add("label -1", x, y - 1, **half)
    add("int32 labels", x, y.astype("int32"), **half)
    add("float labels", x, y.astype("float64"), **half)
    add("int64 scores", x.astype("int64"), y, **half)
    add("[N, C, H]", x[..., 0], y[..., 0], **half)
    add("sizes differ", x, y[..., :2], **half)
    add("infinite logit", np.where(x == x[0, 0, 0, 0], INF, x), y, surrogate=True, **half)
    add("logit -inf", np.where(x == x[0, 0, 0, 0], -INF, x), y, **half)
    add("large logits", 20 * x, y, **half)


# --- Focal losses


def smp_focal(add):
    x, y = normal(111, 2, 1, 2, 3), binary(112, 2, 2, 3, dtype="int64")
    void = array([[[1, 255, 0], [1, 1, 255]], [[0, 1, 255], [0, 1, 0]]], "int64")
    for reduction in ("none", "mean", "sum", "batchwise_mean"):
        add(f"binary, {reduction}", x, y, mode="binary", reduction=reduction)
        # Unreduced, smp returns a list of the pixels that are not ignored; Loss Lens refuses that.
        if reduction != "none":
            add(f"binary, {reduction}, ignore_index 255", x, void, mode="binary", reduction=reduction, ignore_index=255)
        add(f"binary, {reduction}, normalized", x, y, mode="binary", reduction=reduction, normalized=True)
    add("binary", x, y, mode="binary")
    add("binary, reduction None", x, y, mode="binary", reduction=None)
    add("multilabel, reduction None", normal(122, 2, 3, 2), binary(123, 2, 3, 2), mode="multilabel", reduction=None)
    add("binary, 0-D", array(0.4), array(1.0), mode="binary")
    add("binary, alpha 0.25", x, y, mode="binary", alpha=0.25)
    add("binary, alpha 0", x, y, mode="binary", alpha=0)
    add("binary, probabilities beyond the bounds, float32", array([[1.2, -0.1, 1.0, 0.0, 0.4]], "float32"), array([[0, 1, 0, 1, 1]], "int64"), mode="binary", from_logits=False, surrogate=True)
    add("binary, neither alpha nor a threshold", x, y, mode="binary", alpha=None, reduced_threshold=None)
    for gamma in (0, 0.5, 1, 3.5):
        add(f"binary, gamma {gamma}", x, y, mode="binary", gamma=gamma)
    add("binary, reduced_threshold 0.5", x, y, mode="binary", reduced_threshold=0.5, reduction="sum")
    add("binary, reduced_threshold 0.5, normalized", x, y, mode="binary", reduced_threshold=0.5, normalized=True)
    add("binary, normalized, ignored", x, void, mode="binary", normalized=True, ignore_index=255)
    add("binary, normalized, perfect", array([[60.0, -60]]), array([[1, 0]], "int64"), mode="binary", normalized=True)
    add("binary, probabilities", unit(113, 2, 1, 2, 3), y, mode="binary", from_logits=False)
    add("binary, probabilities of 0 and 1", array([[0.0, 1, 0, 1]]), array([[1, 1, 0, 0]], "int64"), mode="binary", from_logits=False, surrogate=True)
    add("binary, probabilities of 0 and 1, eps 0.01", array([[0.0, 1, 0, 1, 0.5]]), array([[1, 1, 0, 0, 1]], "int64"), mode="binary", from_logits=False, eps=0.01, surrogate=True)
    add("binary, soft target", x, unit(114, 2, 2, 3), mode="binary")
    add("binary, float32", x.astype("float32"), y, mode="binary")
    add("binary, float32, float64 target", x.astype("float32"), y.astype("float64"), mode="binary", reduction="none")
    add("binary, int64 prediction", x.astype("int64"), y, mode="binary")
    add("binary, NaN at an ignored pixel", array([[NAN, 0.3, 0.2]]), array([[255, 0, 1]], "int64"), mode="binary", ignore_index=255)
    add("binary, all ignored", x, np.full((2, 2, 3), 255), mode="binary", ignore_index=255)
    add("binary, infinities", array([[INF, -INF, INF, -INF]]), array([[1, 0, 0, 1]], "int64"), mode="binary", reduction="none", surrogate=True)
    add("binary, sizes differ", x, y[:, :1], mode="binary")
    add("binary, empty", np.zeros((0, 1, 2)), np.zeros((0, 2), "int64"), mode="binary")
    add("binary, class_weights", x, y, mode="binary", more={"class_weights": array([1.0])})
    x, y = normal(115, 2, 3, 2, 2), labels(116, 3, 2, 2, 2)
    weights = {"class_weights": array([0.3, 2.0, 1.1])}
    for reduction in ("none", "mean", "sum", "batchwise_mean"):
        add(f"multiclass, {reduction}", x, y, mode="multiclass", reduction=reduction)
        add(f"multiclass, {reduction}, ignore_index 1", x, y, mode="multiclass", reduction=reduction, ignore_index=1)
    for reduction in ("mean", "sum"):
        add(f"multiclass, {reduction}, class_weights", x, y, mode="multiclass", reduction=reduction, more=weights)
        add(f"multiclass, {reduction}, class_weights, ignored", x, y, mode="multiclass", reduction=reduction, ignore_index=1, more=weights)
    add("multiclass, alpha, gamma, normalized", x, y, mode="multiclass", alpha=0.25, gamma=1.5, normalized=True)
    add("multiclass, probabilities", unit(117, 2, 3, 2, 2), y, mode="multiclass", from_logits=False)
    add("multiclass, labels out of range run", x, y + 1, mode="multiclass")
    add("multiclass, float labels", x, y.astype("float64"), mode="multiclass")
    add("multiclass, [N, C]", normal(118, 4, 3), labels(119, 3, 4), mode="multiclass", reduction="batchwise_mean")
    add("multiclass, target [N, 1, H, W]", x, y[:, None], mode="multiclass")
    add("multiclass, float32", x.astype("float32"), y, mode="multiclass")
    y = binary(120, 2, 3, 2, 2)
    for reduction in ("none", "mean", "sum", "batchwise_mean"):
        add(f"multilabel, {reduction}", x, y, mode="multilabel", reduction=reduction)
    add("multilabel, class_weights", x, y, mode="multilabel", more=weights)
    add("multilabel, normalized", x, y, mode="multilabel", normalized=True)
    add("multilabel, probabilities", unit(121, 2, 3, 2, 2), y, mode="multilabel", from_logits=False)
    add("multilabel, ignore_index 1", x, y, mode="multilabel", ignore_index=1)
    add("multilabel, target [N, H, W]", x, y[:, 0], mode="multilabel")


def monai_focal(add):
    x, t, y = normal(131, 2, 3, 2, 2), binary(132, 2, 3, 2, 2), labels(133, 3, 2, 1, 2, 2)
    weight = array([0.25, 2.0, 1.125])
    for softmax in (False, True):
        how = {"use_softmax": True} if softmax else {}
        note = "softmax" if softmax else "sigmoid"
        for reduction in ("none", "mean", "sum"):
            add(f"{note}, {reduction}", x, t, reduction=reduction, **how)
            add(f"{note}, {reduction}, weight", x, t, reduction=reduction, more={"weight": weight}, **how)
            add(f"{note}, {reduction}, labels, no background", x, y, reduction=reduction, to_onehot_y=True, include_background=False, **how)
        for gamma in (0, 0.5, 3):
            add(f"{note}, gamma {gamma}", x, t, gamma=gamma, **how)
        add(f"{note}, alpha 0.25", x, t, alpha=0.25, **how)
        add(f"{note}, alpha 0.25, no background", x, t, alpha=0.25, include_background=False, **how)
        add(f"{note}, soft target", x, unit(134, 2, 3, 2, 2), **how)
        add(f"{note}, float32", x.astype("float32"), t.astype("float32"), **how)
        add(f"{note}, [N, C], sum", normal(135, 4, 3), binary(136, 4, 3), reduction="sum", **how)
        add(f"{note}, [N, C], labels [N]", normal(135, 4, 3), labels(137, 3, 4), to_onehot_y=True, **how)
        add(f"{note}, large logits", 30 * x, t, reduction="none", **how)
        add(f"{note}, infinite logits", array([[[INF, 0.5], [-INF, 1]]]), array([[[1.0, 0], [0, 1]]]), reduction="none", surrogate=True, **how)
        add(f"{note}, one channel", x[:, :1], t[:, :1], **how)
    add("int64 target", x, t.astype("int64"))
    add("bool target", x, t.astype("bool"))
    add("one channel, labels", x[:, :1], t[:, :1], to_onehot_y=True)
    add("one channel, no background", x[:, :1], t[:, :1], include_background=False)
    add("one weight", x, t, more={"weight": array(0.25)})
    add("negative weight", x, t, more={"weight": -weight})
    add("two weights for three classes", x, t, more={"weight": weight[:2]})
    add("shapes differ", x, t[:, :2])
    add("one dimension", x[0, 0, 0], t[0, 0, 0])
    add("no samples", np.zeros((0, 2, 3)), np.zeros((0, 2, 3)))
    add("reduction sums", x, t, reduction="sums")


def smp_soft_binary(add):
    x, y = normal(211, 2, 3, 2, 2), binary(212, 2, 3, 2, 2)
    void = np.where(x > 0.8, -100.0, y)
    weight, positive = unit(213, 2, 3, 2, 2), array([1.7, 0.4, 1.0]).reshape(3, 1, 1)
    for reduction in ("mean", "sum", "none"):
        how = {"reduction": reduction}
        add(f"{reduction}", x, y, **how)
        add(f"{reduction}, ignored", x, void, **how)
        add(f"{reduction}, smoothed, ignored", x, void, smooth_factor=0.1, **how)
        add(f"{reduction}, weight, pos_weight", x, void, more={"weight": weight, "pos_weight": positive}, **how)
        add(f"{reduction}, smoothed, weight, pos_weight", x, y, smooth_factor=0.3, more={"weight": weight, "pos_weight": positive}, **how)
    for factor in (0.0, 0.5, 1.0, -0.2):
        add(f"smooth_factor {factor}", x, y, smooth_factor=factor)
    add("soft target", x, unit(214, 2, 3, 2, 2))
    add("soft target, smoothed", x, unit(214, 2, 3, 2, 2), smooth_factor=0.2)
    add("ignore_index 1", x, y, ignore_index=1)
    add("no ignore_index", x, void, ignore_index=None)
    add("all ignored", x, np.full_like(y, -100))
    add("one dimension", normal(215, 4), binary(216, 4), smooth_factor=0.1)
    add("float32", x.astype("float32"), y.astype("float32"), smooth_factor=0.1)
    add("float64, float32 target", x, y.astype("float32"))
    add("int64 target", x, y.astype("int64"))
    add("int64 target, smoothed", x, y.astype("int64"), smooth_factor=0.1)
    add("int64 target, smoothed, float32", x.astype("float32"), y.astype("int64"), smooth_factor=0.1)
    add("bool target, smoothed", x, y.astype("bool"), smooth_factor=0.1)
    add("int64 prediction", x.astype("int64"), y)
    add("large logits", 60 * x, y)
    add("infinite logits", array([INF, -INF, INF, -INF]), array([1.0, 0, 0, 1]), reduction="none", surrogate=True)
    add("infinite logits, ignored", array([INF, -INF, 1]), array([-100.0, -100, 1]), reduction="none", surrogate=True)
    add("NaN, ignored", array([NAN, 0.5, 1]), array([-100.0, 0, 1]), surrogate=True)
    add("shapes differ", x, y[:, :1])
    add("weight of another shape", x, y, more={"weight": unit(217, 5)})
    add("empty", np.zeros((0, 2)), np.zeros((0, 2)))


def smp_soft_labels(add):
    x, y = normal(221, 2, 3, 2, 2), labels(222, 3, 2, 2, 2)
    void = np.where(y == 1, -100, y)
    for reduction in ("mean", "sum", "none"):
        for factor in (0.0, 0.1):
            how = {"reduction": reduction, "smooth_factor": factor}
            add(f"{reduction}, {factor}", x, y, **how)
            add(f"{reduction}, {factor}, ignored", x, void, **how)
            add(f"{reduction}, {factor}, no ignore_index", x, y, ignore_index=None, **how)
            add(f"{reduction}, {factor}, target [N, 1, H, W]", x, void[:, None], **how)
            add(f"{reduction}, {factor}, target [N, 1, H, W], no ignore_index", x, y[:, None], ignore_index=None, **how)
    for factor in (0.5, 1.0, -0.2):
        add(f"smooth_factor {factor}", x, y, smooth_factor=factor)
    add("smooth_factor None", x, y)
    add("ignore_index 0", x, y, smooth_factor=0.1, ignore_index=0)
    add("all ignored", x, np.full_like(y, -100), smooth_factor=0.1)
    add("dim -1", normal(223, 2, 4, 3), labels(224, 3, 2, 4), smooth_factor=0.1, dim=-1)
    add("dim -1, none", normal(223, 2, 4, 3), labels(224, 3, 2, 4), smooth_factor=0.1, dim=-1, reduction="none")
    add("dim 0", normal(225, 3, 4), labels(226, 3, 4), smooth_factor=0.1, dim=0)
    add("[N, C]", normal(227, 4, 3), labels(228, 3, 4), smooth_factor=0.2)
    add("[C]", normal(229, 3), array(1, "int64"), smooth_factor=0.2, dim=0)
    add("float32", x.astype("float32"), y, smooth_factor=0.1)
    add("int32 labels", x, y.astype("int32"), smooth_factor=0.1)
    add("float labels", x, y.astype("float64"), smooth_factor=0.1)
    add("int64 scores", x.astype("int64"), y, smooth_factor=0.1)
    add("label 3 of 3", x, y + 1, smooth_factor=0.1)
    add("label -1", x, y - 1, smooth_factor=0.1)
    add("large logits", 30 * x, y, smooth_factor=0.1)
    add("logit -inf", np.where(x == x[0, 0, 0, 0], -INF, x), y, smooth_factor=0.1, surrogate=True)
    add("logit -inf, not smoothed", np.where(x == x[0, 0, 0, 0], -INF, x), y, smooth_factor=0.0, surrogate=True)
    add("NaN, ignored", np.where(x == x[0, 0, 0, 0], NAN, x), np.where(np.arange(4).reshape(2, 2) == 0, -100, y), smooth_factor=0.1, surrogate=True)
    add("shapes differ", x, np.concatenate([y, y]), smooth_factor=0.1)
    add("empty", np.zeros((0, 3)), np.zeros((0,), "int64"), smooth_factor=0.1)


def monai_adversarial(add):
    def real(note, x, target_is_real=True, for_discriminator=True, **more):
        add(note, x, target_is_real=target_is_real, for_discriminator=for_discriminator, **more)

    x = normal(201, 2, 1, 2, 3)
    for criterion in ("least_squares", "bce", "hinge"):
        for reduction in ("none", "mean", "sum"):
            how = {"criterion": criterion, "reduction": reduction}
            note = f"{criterion}, {reduction}"
            real(f"{note}, real", x, **how)
            real(f"{note}, fake", x, target_is_real=False, **how)
            real(f"{note}, generator", x, for_discriminator=False, **how)
        how = {"criterion": criterion}
        real(f"{criterion}, generator with fakes", x, target_is_real=False, for_discriminator=False, **how)
        real(f"{criterion}, float32", x.astype("float32"), **how)
        real(f"{criterion}, float32, fake", x.astype("float32"), target_is_real=False, **how)
        real(f"{criterion}, sure", array([-40.0, -6, 6, 40]), reduction="none", **how)
        real(f"{criterion}, sure, fake", array([-40.0, -6, 6, 40]), target_is_real=False, reduction="none", **how)
        real(f"{criterion}, certain", array([-800.0, 800]), reduction="none", **how)
        real(f"{criterion}, infinities", array([-INF, INF]), reduction="none", surrogate=True, **how)
        real(f"{criterion}, NaN", array([NAN, 1]), reduction="none", surrogate=criterion != "bce", **how)
        real(f"{criterion}, zero", array([0.0, 1, -1]), reduction="none", **how)
        real(f"{criterion}, empty", np.zeros((0, 2)), **how)
        real(f"{criterion}, one number", array(0.5), **how)
    real("least_squares, [N, 1]", normal(202, 4, 1))
    for reduction in ("none", "mean", "sum"):
        real(f"no activation, {reduction}", x, no_activation_leastsq=True, reduction=reduction)
    real("no activation, fake", x, target_is_real=False, no_activation_leastsq=True)
    real("no activation, real [-1, 2]", array([-1.0, 2]), no_activation_leastsq=True)
    real("real [-1, 2]", array([-1.0, 2]))
    real("int64", x.astype("int64"))
    real("an unknown criterion", x, criterion="wasserstein")


def kornia_focal(add):
    x, y = normal(141, 2, 3, 2, 2), labels(142, 3, 2, 2, 2)
    weight = {"weight": array([0.3, 2.0, 1.1])}
    for reduction in ("none", "mean", "sum"):
        add(f"{reduction}", x, y, alpha=0.25, reduction=reduction)
        add(f"{reduction}, weight", x, y, alpha=0.25, reduction=reduction, more=weight)
        add(f"{reduction}, ignored", x, np.where(y == 1, -100, y), alpha=0.25, reduction=reduction)
    add("alpha none", x, y, alpha=None)
    for gamma in (0, 0.5, 3):
        add(f"gamma {gamma}", x, y, alpha=0.5, gamma=gamma)
    add("ignore_index 0", x, y, alpha=0.5, ignore_index=0)
    add("no ignore_index", x, y, alpha=0.5, ignore_index=None)
    add("no ignore_index, label -100", x, np.where(y == 1, -100, y), alpha=0.5, ignore_index=None)
    add("all ignored, mean", x, np.full_like(y, -100), alpha=0.5, reduction="mean")
    add("[N, C]", normal(143, 4, 3), labels(144, 3, 4), alpha=0.5)
    add("[N, C, L], mean", normal(145, 2, 3, 4), labels(146, 3, 2, 4), alpha=0.5, reduction="mean")
    add("float32", x.astype("float32"), y, alpha=0.25)
    add("large logits", 20 * x, y, alpha=0.5)
    add("logit -inf", np.where(x == x[0, 0, 0, 0], -INF, x), y, alpha=0.5, surrogate=True)
    add("NaN", np.where(x == x[0, 0, 0, 0], NAN, x), y, alpha=0.5, surrogate=True)
    add("label 3 of 3", x, y + 1, alpha=0.5)
    add("label -1", x, y - 1, alpha=0.5)
    add("int32 labels", x, y.astype("int32"), alpha=0.5)
    add("int64 scores", x.astype("int64"), y, alpha=0.5)
    add("sizes differ", x, y[..., :1], alpha=0.5)
    add("one dimension", x[0, :, 0, 0], y[0, 0, :1], alpha=0.5)
    add("two weights for three classes", x, y, alpha=0.5, more={"weight": array([1.0, 2.0])})
    add("no samples, mean", np.zeros((0, 3, 2)), np.zeros((0, 2), "int64"), alpha=0.5, reduction="mean")
    add("reduction sums", x, y, alpha=0.5, reduction="sums")


def kornia_binary_focal(add):
    x, t = normal(151, 2, 3, 2, 2), binary(152, 2, 3, 2, 2)
    weight, positive = array([0.3, 2.0, 1.1]), array([1.7, 0.4, 1.0])
    for reduction in ("none", "mean", "sum"):
        add(f"{reduction}", x, t, alpha=0.25, reduction=reduction)
        add(f"{reduction}, weight, pos_weight", x, t, alpha=0.25, reduction=reduction, more={"weight": weight, "pos_weight": positive})
        add(f"{reduction}, ignored", x, np.where(t == 1, -100, t), alpha=0.25, reduction=reduction)
    add("alpha none", x, t, alpha=None)
    for gamma in (0, 0.5, 3):
        add(f"gamma {gamma}", x, t, alpha=0.5, gamma=gamma)
    add("ignore_index 0", x, t, alpha=0.5, ignore_index=0)
    add("no ignore_index", x, t, alpha=0.5, ignore_index=None)
    add("soft target", x, unit(153, 2, 3, 2, 2), alpha=0.5)
    add("int64 target", x, t.astype("int64"), alpha=0.5)
    add("bool target", x, t.astype("bool"), alpha=0.5)
    add("[N, C]", normal(154, 4, 3), binary(155, 4, 3), alpha=0.5)
    add("float32", x.astype("float32"), t.astype("float32"), alpha=0.25)
    add("float32, float64 target", x.astype("float32"), t, alpha=0.25)
    add("large logits", 20 * x, t, alpha=0.5)
    add("infinite logits", array([[INF, -INF, INF, -INF]]), array([[1.0, 0, 0, 1]]), alpha=0.5, surrogate=True)
    add("infinite logits, ignored", array([[INF, -INF, 1]]), array([[-100.0, -100, 1]]), alpha=0.5, surrogate=True)
    add("int64 scores", x.astype("int64"), t, alpha=0.5)
    add("shapes differ", x, t[:, :1], alpha=0.5)
    add("one dimension", x[0, :, 0, 0], t[0, :, 0, 0], alpha=0.5)
    add("two weights for three classes", x, t, alpha=0.5, more={"weight": weight[:2]})
    add("two pos_weights for three classes", x, t, alpha=0.5, more={"pos_weight": weight[:2]})
    add("reduction sums", x, t, alpha=0.5, reduction="sums")
