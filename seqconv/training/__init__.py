"""How the weights of a network come about: parts of the data, batches, and recipes."""
