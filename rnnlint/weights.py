"""How does Python code use the weights that `rnnlint weights` carries over?"""

from rnnlint.probe.weights.loaded import CellWeights, Loaded, load

__all__ = ["CellWeights", "Loaded", "load"]
