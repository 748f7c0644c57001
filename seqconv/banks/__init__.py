"""Features of fixed kernels, computed on the CPU without Keras.

The layers of the same features in `seqconv.layers` are the reference, and what is exported.
"""
