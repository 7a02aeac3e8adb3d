"""How good a result is: motion and texture against real video, under the swap protocol."""
