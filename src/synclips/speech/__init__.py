"""Text to sound: engines that speak, what they are given, and whose voice it becomes.

Knows words, voices and samples. Knows nothing of pictures. Import from its modules; nothing is
imported here.
"""
