"""Files to arrays and back: the only place in synclips that knows containers and codecs."""
