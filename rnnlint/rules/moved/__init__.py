"""How does a module reach the legacy names that its target still has elsewhere? One question a file."""
