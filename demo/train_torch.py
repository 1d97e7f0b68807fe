"""A small weather model in PyTorch, and the losses that it could be trained with.

Rest the mouse on any loss. Then select two lists below and run "Loss Lens: Evaluate Loss…".
"""

import torch
from torch import nn
from torch.nn import functional as F

# Degrees Celsius at noon. The fourth sensor was in the sun.
prediction = [21.4, 18.9, 25.1, 16.0, 30.2, 12.7]
target = [21.0, 19.5, 24.8, 27.5, 29.9, 13.1]

robust = nn.HuberLoss(delta=1.0)
print("Huber:", robust(torch.tensor(prediction), torch.tensor(target)).item())

squared = nn.MSELoss()
print("MSE:", squared(torch.tensor(prediction), torch.tensor(target)).item())

# Sunny, cloudy or rainy: scores of a linear layer, one row a day, and what the day was.
# The last day was not recorded.
logits = torch.tensor([[2.0, 0.5, -1.0], [0.1, 1.2, 0.3], [-0.5, 0.2, 2.2], [1.0, 1.0, 1.0]])
weather = torch.tensor([0, 1, 2, -100])

classify = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 1.0, 3.0]), label_smoothing=0.1)
print("cross-entropy:", classify(logits, weather).item())

# Will it freeze? Rarely, so a frost that is missed costs eight times as much.
frost_logits = torch.tensor([-3.0, -1.5, 0.2, 2.5, -0.1])
frost = torch.tensor([0.0, 0.0, 1.0, 1.0, 1.0])

alarm = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(8.0))
print("binary cross-entropy:", alarm(frost_logits, frost).item())


def train(model: nn.Module, batches, criterion=nn.SmoothL1Loss(beta=0.5)) -> None:
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for features, noon, rain in batches:
        temperature, rain_rate = model(features).unbind(-1)
        # Rainfall is counted in drops of the gauge, and the model predicts the logarithm of its rate.
        loss = criterion(temperature, noon) + F.poisson_nll_loss(rain_rate, rain)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
