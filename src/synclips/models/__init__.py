"""Networks and what they learn by, tensors to tensors; `weights` reads and writes their files."""
