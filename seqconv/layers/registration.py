"""Can Keras make this layer again from what a file or a pickle holds?"""

import keras


def check_registered(layer, what):
    """Refuse a layer that is, or holds one, of a class that Keras could not look up by name.

    Parameters
    ----------
    layer : keras.layers.Layer
    what : str
        How the message calls it.

    Raises
    ------
    ValueError
        The class is neither of Keras nor registered with it.
    """
    made_of = type(layer)
    registered = keras.saving.get_registered_object(keras.saving.get_registered_name(made_of)) is made_of
    if not registered and made_of.__module__.split(".")[0] != "keras":
        raise ValueError(
            f"{what} must be registered with Keras to be saved, got {made_of.__name__}, which is not; "
            "decorate its class with keras.saving.register_keras_serializable(package=...)."
        )
    for inner in getattr(layer, "layers", ()):
        check_registered(inner, what)
