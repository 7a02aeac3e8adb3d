"""What each language says for what is written in figures and signs; entered by `reading`."""
