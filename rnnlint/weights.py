"""How does Python code get at the weights that `rnnlint weights` carries over?"""

from rnnlint.probe.weights.loaded import CellWeights, Loaded, load

__all__ = ["CellWeights", "Loaded", "load"]
