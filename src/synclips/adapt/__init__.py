"""Learning from the given video: how this person speaks, from the speech their own video has."""
