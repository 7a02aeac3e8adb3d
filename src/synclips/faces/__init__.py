"""Frames to where the face is: landmarks, one track over time, head pose, lip shape, crops."""
