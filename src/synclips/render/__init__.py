"""Drawing new lips into the user's own pixels."""
