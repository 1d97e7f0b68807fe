"""The losses of train_torch.py in Keras: the same names do not always give the same numbers."""

import keras
import numpy as np

prediction = np.array([21.4, 18.9, 25.1, 16.0, 30.2, 12.7])
target = np.array([21.0, 19.5, 24.8, 27.5, 29.9, 13.1])

robust = keras.losses.Huber(delta=1.0)
print("Huber:", float(robust(target, prediction)))

# A certain prediction that is wrong: PyTorch answers 100, Keras clips it to about 16.
certain = np.array([1.0, 0.9, 0.0, 0.2])
frost = np.array([1.0, 1.0, 1.0, 0.0])
alarm = keras.losses.BinaryCrossentropy()
print("binary cross-entropy:", float(alarm(frost, certain)))

scores = np.array([[2.0, 0.5, -1.0], [0.1, 1.2, 0.3], [-0.5, 0.2, 2.2]])
weather = np.array([0, 1, 2])
classify = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
print("cross-entropy:", float(classify(weather, scores)))

model = keras.Sequential(
    [
        keras.layers.Input((12,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(1),
    ]
)
model.compile(optimizer="adam", loss="log_cosh", metrics=["mae"])
