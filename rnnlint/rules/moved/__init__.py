"""How can a module reach legacy names that its target still has elsewhere? One question per file."""
