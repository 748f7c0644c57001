"""Check that Keras can restore a layer from a file or a pickle."""

import keras


def check_registered(layer: keras.layers.Layer, what: str) -> None:
    """Raise if Keras could not find the class of a layer, or of a layer inside it, by name.

    Parameters
    ----------
    layer : keras.layers.Layer
        Layer to check.
    what : str
        Subject of the message, such as "A pooling layer".

    Raises
    ------
    ValueError
        If the class is neither Keras's own nor registered with Keras.
    """
    made_of = type(layer)
    registered = keras.saving.get_registered_object(keras.saving.get_registered_name(made_of)) is made_of
    if not registered and made_of.__module__.split(".")[0] != "keras":
        raise ValueError(
            f"{what} must be registered with Keras, got {made_of.__name__}. "
            "Decorate its class with keras.saving.register_keras_serializable(package=...)."
        )
    for inner in getattr(layer, "layers", ()):
        check_registered(inner, what)
