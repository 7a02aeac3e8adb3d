"""Sound and time: every rate, log-mel energies, MFCC, loudness and speech activity.

The package knows arrays of samples and exact times. It knows nothing about files, pictures or
networks. Import from its modules; nothing is imported here, so that `timing` stays light.
"""
