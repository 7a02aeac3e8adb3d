"""The five networks, tensors to tensors; nothing here opens a file or knows a frame rate."""
