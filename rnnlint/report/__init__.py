"""How are findings shown? Text, JSON, SARIF and the formats of CI systems, rule pages, noqa comments, baselines."""
