"""How is each claim measured? One function per claim; all modules of this package are found automatically."""
