"""How is each claim measured? One function a claim; every module of this package is found by itself."""
