"""Training data: which clips there are, what is measured in them, and batches of both."""
