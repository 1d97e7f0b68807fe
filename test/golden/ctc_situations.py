"""Situations that CTC losses of logits meet, for the libraries that take them: each says them in its own terms."""

from dataclasses import dataclass

import numpy as np

from cases import INF, NAN, array, labels, normal


@dataclass
class Situation:
    note: str
    logits: np.ndarray  # [N, T, C]
    labels: np.ndarray  # [N, S]
    label_length: np.ndarray  # [N]
    frames: np.ndarray  # [N]


def situation(note, logits, rows, label_length, frames=None):
    count, most, _ = logits.shape
    rows = array(rows, "int32", None if np.size(rows) else (count, 0))
    frames = [most] * count if frames is None else frames
    return Situation(note, logits, rows, array(label_length, "int32"), array(frames, "int32"))


def changed(logits, at, value):
    result = logits.copy()
    result[at] = value
    return result


def full_length(dtype):
    """Those in which every frame counts."""
    x, y = normal(1, 2, 6, 4, dtype=dtype), [[1, 2, 0], [3, 3, 1]]
    one = normal(6, 1, 5, 4, dtype=dtype)
    sure = np.zeros((1, 4, 3), dtype)
    sure[:, :, 0] = 250
    yield situation("two samples", x, y, [2, 3])
    yield situation("as many frames as it takes", normal(2, 2, 4, 4, dtype=dtype), y, [2, 3])
    yield situation("no labels", x, np.zeros((2, 3)), [0, 0])
    yield situation("labels of width 0", x, [], [0, 0])
    yield situation("one frame", normal(3, 2, 1, 3, dtype=dtype), [[1], [2]], [1, 1])
    yield situation("more labels than frames", normal(4, 1, 2, 4, dtype=dtype), [[1, 2, 3]], [3])
    yield situation("a, a in two frames", normal(5, 1, 2, 3, dtype=dtype), [[1, 1]], [2])
    yield situation("a, a, b in three frames", normal(4, 1, 3, 4, dtype=dtype), [[3, 3, 1]], [3])
    yield situation("a, a, a, a in five frames", one, [[2, 2, 2, 2]], [4])
    yield situation("six labels in five frames", one, [[1, 2, 3, 1, 2, 3]], [6])
    yield situation("far too many labels", one, labels(8, 3, 1, 12) + 1, [12])
    yield situation("one fits, one does not", x[:, :3], [[1, 2, 0], [3, 3, 1]], [2, 3])
    yield situation("nearly impossible: blanks alone are likely", sure, [[1, 2, 1, 2]], [4])
    yield situation("unlikely: one label among sure blanks", sure, [[1]], [1])
    yield situation("large logits", normal(9, 2, 6, 4, scale=40.0, dtype=dtype), y, [2, 3])
    yield situation("equal logits, 30 frames", np.zeros((1, 30, 3), dtype), labels(5, 2, 1, 12) + 1, [12])
    yield situation("long and narrow", normal(4, 1, 40, 3, dtype=dtype), labels(5, 2, 1, 12) + 1, [12])
    yield situation("many classes", normal(7, 2, 7, 30, dtype=dtype), labels(8, 29, 2, 3) + 1, [3, 2])
    yield situation("a label outside the classes", x, [[1, 7, 0], [3, 3, 1]], [2, 3])
    yield situation("padded with -1", x, [[1, 2, -1], [3, -1, -1]], [2, 1])
    yield situation("-1 among the labels", x, [[1, -1, 2], [3, 3, 1]], [3, 3])
    yield situation("the blank among the labels", x, [[1, 0, 2], [0, 3, 1]], [3, 3])
    yield situation("a logit of -inf at a label", changed(x, (0, 2, 1), -INF), y, [2, 3])
    yield situation("a logit of -inf elsewhere", changed(x, (0, 2, 3), -INF), y, [2, 3])
    yield situation("a logit of -inf at the blank", changed(x, (0, 2, 0), -INF), y, [2, 3])
    yield situation("a logit of inf", changed(x, (0, 2, 1), INF), y, [2, 3])
    yield situation("NaN", changed(x, (1, 2, 1), NAN), y, [2, 3])


def with_lengths(dtype):
    """Those in which some frames do not count, or lengths are none."""
    x, y = normal(1, 2, 6, 4, dtype=dtype), [[1, 2, 0], [3, 3, 1]]
    yield situation("frames of different lengths", x, y, [2, 3], [6, 5])
    yield situation("label lengths shorter than the rows", x, [[1, 2, 3], [3, 3, 1]], [1, 2], [6, 5])
    yield situation("three frames for a, a, b fit nothing", x, y, [2, 3], [6, 3])
    yield situation("two frames for two labels", x, y, [2, 3], [2, 5])
    yield situation("no frames, no labels", x, y, [0, 3], [0, 5])
    yield situation("no frames, a label", x, y, [1, 3], [0, 5])
    yield situation("NaN in a frame that does not count", changed(x, (0, 4, 1), NAN), y, [2, 3], [4, 5])
    yield situation("-inf in a frame that does not count", changed(x, (0, 4, 1), -INF), y, [2, 3], [4, 5])
    yield situation("a label length beyond the row", x, y, [5, 3])
    yield situation("a frame length beyond the frames", x, y, [2, 3], [9, 6])
    yield situation("a negative label length", x, y, [-1, 3])
    yield situation("a negative frame length", x, y, [1, 3], [-2, 6])
