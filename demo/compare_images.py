"""A bar, and two wrong pictures of it: which is the better one?

Pixel by pixel the blurred one is. A network that looks for edges and does not mind where exactly they are says the moved
one. Select two of the lists and run "Loss Lens: Evaluate Loss…", choose "Perceptual loss", "Images", and
`networks/edges.onnx`. Its layers are what the comparison is made of.
"""

import torch
from torch import nn

target = [[
    [0, 0, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0],
]]

moved = [[
    [0, 0, 0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 1, 0, 0, 0],
]]

blurred = [[
    [0.0, 0.1, 0.2, 0.4, 0.2, 0.1, 0.0, 0.0],
    [0.0, 0.1, 0.2, 0.4, 0.2, 0.1, 0.0, 0.0],
    [0.0, 0.1, 0.2, 0.4, 0.2, 0.1, 0.0, 0.0],
    [0.0, 0.1, 0.2, 0.4, 0.2, 0.1, 0.0, 0.0],
    [0.0, 0.1, 0.2, 0.4, 0.2, 0.1, 0.0, 0.0],
    [0.0, 0.1, 0.2, 0.4, 0.2, 0.1, 0.0, 0.0],
    [0.0, 0.1, 0.2, 0.4, 0.2, 0.1, 0.0, 0.0],
    [0.0, 0.1, 0.2, 0.4, 0.2, 0.1, 0.0, 0.0],
]]


class Edges(nn.Module):
    """Sobel's filters in four directions; then the strongest answer of each quarter, smoothed."""

    def __init__(self) -> None:
        super().__init__()
        self.filters = nn.Conv2d(1, 4, 3, padding=1, bias=False)
        self.smooth = nn.Conv2d(4, 4, 1, bias=False)
        sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 4
        with torch.no_grad():
            self.filters.weight[:, 0] = torch.stack([sobel, -sobel, sobel.T, -sobel.T])
            self.smooth.weight[:, :, 0, 0] = 0.7 * torch.eye(4) + 0.1

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        edges = torch.relu(self.filters(image))
        return torch.relu(self.smooth(nn.functional.max_pool2d(edges, 4)))


def distance(network: nn.Module, prediction: list, truth: list) -> float:
    features = [network(torch.tensor([image], dtype=torch.float32)) for image in (prediction, truth)]
    return nn.functional.mse_loss(*features, reduction="sum").item()


if __name__ == "__main__":
    network = Edges().eval()
    for name, picture in (("moved", moved), ("blurred", blurred)):
        pixels = nn.functional.mse_loss(*(torch.tensor(each, dtype=torch.float32) for each in (picture, target)), reduction="sum").item()
        print(f"{name}: {pixels:.4f} by pixels, {distance(network, picture, target):.4f} by edges")
    # How networks/edges.onnx was made.
    example = torch.zeros(2, 1, 8, 8)
    batch = {0: torch.export.Dim("batch")}
    torch.onnx.export(network, (example,), "networks/edges.onnx", dynamo=True, external_data=False, dynamic_shapes=(batch,))
