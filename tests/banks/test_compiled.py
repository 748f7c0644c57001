from seqconv.banks.compiled import compiled


def test_a_function_without_a_place_for_its_cache_is_compiled_all_the_same():
    names = {}
    exec(compile("def twice(x):\n    return 2 * x", "<nowhere>", "exec"), names)  # noqa: S102 - no file has this function
    twice = compiled()(names["twice"])
    assert twice(21) == 42
    assert twice.signatures


def test_a_compiled_function_keeps_its_code_on_the_disk():
    from seqconv.banks.hydra_counts import counts_of_cases

    assert counts_of_cases.targetoptions["nogil"]
    assert type(counts_of_cases._cache).__name__ == "FunctionCache"
