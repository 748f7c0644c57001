"""adapters, datasets and formats: every name is there, and one domain does not load the libraries of the others."""

import re
import subprocess
import sys

import pytest

import seqconv
from seqconv import adapters, datasets, encoders, formats

LIBRARIES = {"keras", "tensorflow", "librosa", "gensim", "soundfile", "wfdb", "edfio", "pooch", "rich"}


@pytest.mark.parametrize("facade", [adapters, datasets, formats], ids=lambda facade: facade.__name__)
def test_every_name_is_there_and_listed(facade):
    for name in facade.__all__:
        assert callable(getattr(facade, name)) and name in dir(facade)
    with pytest.raises(AttributeError, match=f"module '{facade.__name__}' has no attribute 'nothing'"):
        facade.nothing  # noqa: B018


@pytest.mark.parametrize(
    ("module", "name", "meant"),
    [
        (seqconv, "Classifier", "SeqConvClassifier"),
        (seqconv, "SeqconvClassifier", "SeqConvClassifier"),
        (seqconv, "Regressor", "SeqConvRegressor"),
        (seqconv, "TextAdapter", "seqconv.adapters.TextAdapter"),
        (seqconv, "load_ucr", "seqconv.datasets.load_ucr"),
        (seqconv, "FCN", "seqconv.encoders.FCN"),
        (seqconv, "adapter", "adapters"),
        (datasets, "load_spam", "load_sms_spam"),
        (datasets, "load_heartbeat", "load_heartbeats"),
        (formats, "read_price", "read_prices"),
        (adapters, "EcgAdapter", "ECGAdapter"),
        (encoders, "InceptionTimes", "InceptionTime"),
        (encoders, "Rocket", "MiniRocket"),
    ],
)
def test_a_wrong_name_is_told_what_is_near(module, name, meant):
    with pytest.raises(AttributeError, match=f"no attribute '{name}'; did you mean .*{re.escape(meant)}"):
        getattr(module, name)


def test_tools_that_ask_for_private_names_get_no_advice():
    assert not hasattr(seqconv, "__wrapped__") and not hasattr(adapters, "_repr_html_")


def test_names_are_those_of_the_data_sets():
    assert "load_ucr" in datasets.names() and all(callable(getattr(datasets, name)) for name in datasets.names())


def loaded(code):
    """Modules in memory after the code ran in a new process."""
    code += "; import sys; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_one_adapter_loads_no_other_domain_and_no_heavy_library():
    found = loaded("from seqconv.adapters import TextAdapter")
    assert not found & LIBRARIES
    domains = {name.split(".")[2] for name in found if name.startswith("seqconv.domains.") and name.count(".") > 2}
    assert domains == {"text"}


def test_no_module_of_the_domains_loads_a_heavy_library():
    code = "import pkgutil, seqconv.domains as d; [__import__(m.name) for m in pkgutil.walk_packages(d.__path__, d.__name__ + '.')]"
    found = loaded(code)
    assert not found & LIBRARIES and "seqconv.domains.medical.ecg_adapter" in found
