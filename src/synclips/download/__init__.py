"""Files from web servers: resumed, retried, checked."""
