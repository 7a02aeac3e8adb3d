"""How the networks are trained: losses, stages, one loop."""
