"""What is heard: any speech as features, where anybody speaks, and the sound that moves the lips.

Import from its modules; nothing is imported here.
"""
