"""Promises of read_prices: bars exactly, or no by line."""

import gzip
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqconv.domains.finance.dates import read_dates
from seqconv.domains.finance.price_checks import find_fault
from seqconv.domains.finance.prices_csv import PRICE_BAR
from seqconv.formats import read_prices

HEADER = "Date,Open,High,Low,Close,Adj Close,Volume\n"
ROW = "2015-01-05,10,12,9,11,5.5,100\n"


def days(bars):
    return bars["date"].astype("M8[D]").astype(str).tolist()


def test_bars_are_those_of_the_file_and_adjusted_by_one_factor_a_bar(put):
    bars = read_prices(put(HEADER + ROW + "2015-01-06,22,24,18,20,10,0\n"))
    assert bars.dtype == PRICE_BAR and days(bars) == ["2015-01-05", "2015-01-06"]
    assert bars["close"].tolist() == [5.5, 10] and bars["volume"].tolist() == [100, 0]
    np.testing.assert_allclose(bars["open"], [5, 11])
    np.testing.assert_allclose(bars["high"], [6, 12])
    np.testing.assert_allclose(bars["low"], [4.5, 9])


def test_a_split_is_no_return_once_there_is_an_adjusted_close_and_a_warning_without(put):
    rows = "2014-06-06,644,652,640,645,{}2014-06-09,92,94,91,93,{}"
    bars = read_prices(put("Date,Open,High,Low,Close,Adj Close\n" + rows.format("92\n", "93\n")))
    assert abs(np.log(bars["close"][1] / bars["close"][0])) < 0.02
    with pytest.warns(UserWarning, match=r"T.csv, line 3: the price opens at 0.143 times .* \(1 such bars\)"):
        read_prices(put("Date,Open,High,Low,Close\n" + rows.format("\n", "\n").replace(",\n", "\n")))


@pytest.mark.parametrize(
    ("before", "after", "warns"),
    [
        (150, 100, True),  # 3 for 2
        (150, 102, True),
        (100, 50, True),
        (100, 20, True),
        (10, 100, True),  # 1 for 10
        (100, 78, False),  # crashes and jumps
        (100, 55, False),
        (100, 133, False),
        (100, 100, False),
    ],
)
def test_a_jump_near_the_ratio_of_a_split_is_told_and_a_crash_is_not(put, before, after, warns, recwarn):
    rows = "".join(f"2015-01-0{day},{p},{p},{p},{p}\n" for day, p in ((5, before), (6, after)))
    read_prices(put("Date,Open,High,Low,Close\n" + rows))
    assert bool(recwarn) == warns and all("as after a split" in str(told.message) for told in recwarn)


def split_prices(volume_before, n_bars=120, factor=7.0, **columns):
    """Bars with a split in the middle, as of a source that adjusts the close beside it; `volume_before` counts old shares."""
    draw = np.random.default_rng(0)
    old = np.arange(n_bars) < n_bars // 2
    adjusted = 100 * np.exp(np.cumsum(draw.normal(0, 0.01, n_bars)))
    price = adjusted * np.where(old, factor, 1)
    volume = np.where(old, volume_before, 1e6) * np.exp(draw.normal(0, 0.3, n_bars))
    dates = pd.bdate_range("2014-01-01", periods=n_bars).strftime("%Y-%m-%d")
    table = pd.DataFrame({"timestamp": dates} | dict.fromkeys(["open", "high", "low", "close"], price))
    return table.assign(adjusted_close=adjusted, volume=volume, **columns)


@pytest.mark.parametrize("factor", [7.0, 2.0, 0.1])
def test_a_volume_that_a_split_changes_is_told_where_the_close_is_adjusted_for_it(put, factor, recwarn):
    table = split_prices(1e6 / factor, factor=factor)
    sources = {r"row 60 of the frame \(60\)": table, "T.csv, line 62": put(table.to_csv(index=False))}
    for place, source in sources.items():
        told = (
            f"{place}: adjusted close over close is {factor:g} times .* usual volume jumps .*give a column Adj Volume"
        )
        with pytest.warns(UserWarning, match=told) as caught:
            read_prices(source)
        assert len(caught) == 1 and caught[0].filename == __file__
    recwarn.clear()
    adjusted = read_prices(table.assign(**{"Adj Volume": 1e6}))
    assert (adjusted["volume"] == 1e6).all()
    read_prices(split_prices(1e6, factor=factor))  # as Yahoo has it
    read_prices(table.drop(columns="volume"))
    read_prices(table.assign(volume=0))
    assert not recwarn


@pytest.mark.parametrize(
    "name",
    [
        *("Adj Close", "Adj Close**", "AdjClose", "Adjusted Close", "AdjustedClose", "Adjusted", "Close Adj"),
        *("Adj. Close*", "adjusted_price", "adj_close", "Close (Adjusted)"),
    ],
)
def test_an_adjusted_close_is_known_by_its_usual_names(put, name, recwarn):
    rows = "2015-01-05,150,150,150,150,100\n2015-01-06,100,100,100,100,100\n"
    assert read_prices(put(f"Date,Open,High,Low,Close,{name}\n{rows}"))["close"].tolist() == [100, 100]
    assert not recwarn


def test_a_ticker_before_each_name_is_no_part_of_it(put):
    names = "Index,AAPL.Open,AAPL.High,AAPL.Low,AAPL.Close,AAPL.Volume,AAPL.Adjusted\n"
    bars = read_prices(put(names + "2015-01-05,10,12,9,11,7,5.5\n"))
    assert bars["close"].tolist() == [5.5] and bars["volume"].tolist() == [7]


PREFIXED = "{0}Open,{0}High,{0}Low,{0}Close,{0}Volume"


@pytest.mark.parametrize(
    "tickers", [("AAPL.", "MSFT."), ("aapl_", "MSFT "), ("BRK.", "BRK.B."), ("KADJ.", "T."), ("SPY.", "SPY.Adj.", "T.")]
)
def test_two_tickers_in_one_table_are_refused_and_not_read_as_one(put, tickers):
    names, row = ",".join(map(PREFIXED.format, tickers)), ",".join(["10,12,9,11,7"] * len(tickers))
    path = put(f"Index,{names}\n2015-01-05,{row}\n")
    for source in (path, pd.read_csv(path)):
        with pytest.raises(
            ValueError, match=f"got those of {re.escape(repr(tickers[0].strip('._ ')))} and .*give one ticker at a time"
        ):
            read_prices(source)


@pytest.mark.parametrize("name", ["Ticker", "SYMBOL", "tic", "<TICKER>"])
def test_rows_of_two_tickers_are_refused_and_not_read_as_one(put, name):
    table = pd.DataFrame({"Date": ["2015-01-05", "2015-01-06", "2015-01-07"], name: ["A", "A", "BB"]})
    table[["Open", "High", "Low", "Close"]] = 1.0
    for source in (table, put(table.to_csv(index=False))):
        with pytest.raises(ValueError, match="(T.csv|frame): .* got those of 'A' and 'BB'; give one ticker at a time"):
            read_prices(source)
    table[name] = ["A", None, "A"]
    for source in (table, put(table.to_csv(index=False))):
        assert len(read_prices(source)) == 3


@pytest.mark.parametrize("name", ["MSFT.Close", "MSFT.Open,MSFT.High,MSFT.Low"])
def test_columns_of_another_ticker_that_are_no_bars_are_passed_over(put, name):
    row = "2015-01-05,10,12,9,11,7" + ",1" * len(name.split(","))
    bars = read_prices(put(f"Index,{PREFIXED.format('AAPL.')},{name}\n{row}\n"))
    assert bars["close"].tolist() == [11] and bars["volume"].tolist() == [7]


@pytest.mark.parametrize("adjusted", ["Adj. ", "Adj_", "adjusted ", "ADJ."])
@pytest.mark.parametrize("ticker", ["", "AAPL."])
def test_columns_of_adjusted_prices_are_no_ticker(put, adjusted, ticker):
    names = f"Open,High,Low,Close,Volume,{PREFIXED.format(adjusted)}".split(",")
    names = ",".join(f"{ticker}{name}" for name in [*names, "Ex-Dividend", "Split Ratio"])
    bars = read_prices(put(f"Date,{names}\n2015-01-05,10,12,9,11,100,5,6,4.5,5.5,200,0,1\n"))
    assert [bars[name].item() for name in ("open", "high", "low", "close", "volume")] == [5, 6, 4.5, 5.5, 200]


def test_adjusted_prices_alone_are_no_bars(put):
    with pytest.raises(ValueError, match="must begin with a line of names"):
        read_prices(put(f"Date,{PREFIXED.format('Adj. ')}\n2015-01-05,5,6,4.5,5.5,200\n"))


def test_a_column_that_may_be_an_adjusted_close_is_not_dropped_in_silence(put):
    table = "Date,Open,High,Low,Close,adj_close_usd\n" + ROW.rsplit(",", 1)[0] + "\n"
    with pytest.warns(UserWarning, match="T.csv: no column is known as the adjusted close, 'adj_close_usd'") as told:
        read_prices(put(table))
    assert told[0].filename == __file__


@pytest.mark.parametrize("order", ["ascending", "descending"])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_dates_may_ascend_or_descend_and_the_file_be_compressed(put, order, suffix):
    rows = [f"2015-01-0{day},1,9,1,{day},1,0\n" for day in (5, 6, 7)]
    text = (HEADER + "".join(rows if order == "ascending" else rows[::-1])).encode()
    path = put(gzip.compress(text) if suffix else text, "T.csv" + suffix)
    assert days(read_prices(path)) == ["2015-01-05", "2015-01-06", "2015-01-07"]
    assert read_prices(str(path)).tobytes() == read_prices(path).tobytes()


def test_the_open_of_the_kdd17_files_is_the_one_on_the_scale_of_high_and_low(put):
    names = "Date,Original_Open,High,Low,Close,Volume,Adj Close,,Open\n"
    bars = read_prices(put(names + "12/31/2015,70,77,63,70,5,10,,10\n12/30/2015,70,77,63,70,5,10,,10\n"))
    np.testing.assert_allclose(bars["open"], 10)
    np.testing.assert_allclose(bars["high"], 11)
    assert days(bars) == ["2015-12-30", "2015-12-31"]


@pytest.mark.parametrize(
    "names",
    [
        "date,open,high,low,close",
        "timestamp,OPEN,HIGH,LOW,CLOSE",
        "<DATE>;<OPEN>;<HIGH>;<LOW>;<CLOSE>",
        "Day\tOpen\tHigh\tLow\tClose/Last",
        "Open time,Open,High,Low,Close",
        '"Date","Open","High","Low","Price"',
        "\ufeffTime,Open,High,Low,Last",
    ],
)
def test_usual_names_and_marks_are_understood(put, names):
    mark = max(",;\t", key=names.count)
    bars = read_prices(put(f"{names}\n" + mark.join(["2015-01-05", "1", "3", "0.5", "2"]) + "\n"))
    assert [bars[name].item() for name in ("open", "high", "low", "close")] == [1, 3, 0.5, 2]
    assert np.isnan(bars["volume"]).all()


def test_ticks_count_before_the_volume_that_a_broker_leaves_at_0(put):
    names, row = "<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>", "2015.01.05\t1\t1\t1\t1\t200"
    assert read_prices(put(f"{names}\n{row}\n"))["volume"] == 200
    assert read_prices(put(f"{names}\t<VOL>\n{row}\t7\n"))["volume"] == 200


def test_blank_volumes_are_missing_and_dollar_signs_are_passed_over(put):
    bars = read_prices(
        put("Date,Close/Last,Volume,Open,High,Low\n01/13/2015,$2,null,$2,$3,$1\n01/14/2015,$2,,$2,$3,$1\n")
    )
    assert bars["close"].tolist() == [2, 2] and np.isnan(bars["volume"]).all()


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *[('"1,234,567"', 1234567), ('"$1,500.5"', 1500.5), ("€12.5", 12.5), ("23.5M", 23.5e6), ("1.2B", 1.2e9)],
        *[("980K", 980e3), ("-", np.nan), ('"1,234"', 1234), ('"1,23,456"', 123456), ('"12,5"', 12.5)],
        ('"1.234,56"', 1234.56),
    ],
)
def test_numbers_may_be_written_for_people(put, cell, number):
    bars = read_prices(put(f"Date,Price,Open,High,Low,Vol.,Change %\n2015-01-05,2,2,3,1,{cell},-1.5%\n"))
    np.testing.assert_array_equal(bars["volume"], [number])


@pytest.mark.parametrize("cell", ["1e3M", "M", "$$2", "2$", '"1,2,3"', "1.2.3"])
def test_numbers_that_could_mean_something_else_are_refused(put, cell):
    with pytest.raises(ValueError, match="T.csv, line 2: a value must be a number"):
        read_prices(put(f"Date,Close,Open,High,Low,Volume\n2015-01-05,2,2,3,1,{cell}\n"))


def test_a_comma_that_may_separate_thousands_or_decimals_is_refused_with_what_to_do(put):
    row = "2015-01-05;{0};{0};{0};{0}\n"
    with pytest.raises(ValueError, match=r"T.csv, line 2: .* may separate thousands or decimals; give .*decimal=','"):
        read_prices(put("Date;Close;Open;High;Low\n" + row.format("1,500")))
    with pytest.raises(ValueError, match="T.csv, line 3: decimals must be separated by commas or by points throughout"):
        read_prices(put("Date;Close;Open;High;Low\n" + row.format("1,5") + row.format("1.5").replace("05", "06")))


def test_rows_of_nulls_are_left_out_with_one_warning(put):
    null = "2015-01-0{},null,null,null,null,null,null\n"
    path = put(HEADER + null.format(2) + ROW + null.format(6) + "2015-01-07,20,24,18,20,10,0\n")
    with pytest.warns(UserWarning, match=r"T.csv, line 2: 2 row\(s\) without any price or volume are left out") as told:
        bars = read_prices(path)
    assert days(bars) == ["2015-01-05", "2015-01-07"] and len(told) == 1 and told[0].filename == __file__
    with pytest.raises(ValueError, match="T.csv, line 2: at least one row must hold prices"):
        read_prices(put(HEADER + null.format(5)))
    with pytest.raises(ValueError, match="T.csv, line 4: each date must come once"), pytest.warns(UserWarning):
        read_prices(put(HEADER + null.format(2) + ROW * 2))


def test_open_and_close_may_leave_the_range_by_rounding_alone(put):
    text = "Date,Open,High,Low,Close\n2015-01-05,100.4,100,90,{}\n"
    assert read_prices(put(text.format(89.6)))["open"] == 100.4
    with pytest.raises(ValueError, match="close must be between low and high, got 89 with 90 and 100"):
        read_prices(put(text.format(89)))


def test_a_date_and_a_time_column_are_one_date(put):
    bars = read_prices(put("DATE,TIME,OPEN,HIGH,LOW,CLOSE\n2015.01.05,09:30,1,1,1,1\n2015.01.05,9:31,1,1,1,1\n"))
    assert bars["date"].astype("M8[m]").astype(str).tolist() == ["2015-01-05T09:30", "2015-01-05T09:31"]


def test_a_frame_gives_the_bars_of_its_file(put):
    path = put(HEADER + ROW + "2015-01-06,22,24,18,20,10,0\n")
    table = pd.read_csv(path)
    dated = table.assign(Date=pd.to_datetime(table["Date"])).set_index("Date")
    expected = read_prices(path).tobytes()
    for frame in (
        table,
        table[::-1],
        dated,
        table.convert_dtypes(),
        table.astype(str),
    ):
        assert read_prices(frame).tobytes() == expected
    whole = table.assign(Date=[20150105, 20150106])
    for times, minute in ((["09:30", "16:00"], 930), ([93000, 160000], 930), ([930, 1600], 930), ([0, 0], 0)):
        dates = read_prices(whole.assign(Time=times))["date"]
        assert dates[0] == np.datetime64(f"2015-01-05T{minute:04}"[:13] + f":{minute % 100:02}")


@pytest.mark.parametrize(
    ("times", "first"),
    [
        (["930", "1600"], "09:30"),
        (["0930", "1600"], "09:30"),
        (["93000", "160000"], "09:30"),
        (["034200", "034500"], "03:42"),  # all its digits: nothing is lost
        (["500", "93000"], "00:05"),  # 000500
        (["0", "93000"], "00:00"),
    ],
)
@pytest.mark.parametrize("is_text", [True, False])
def test_times_that_lost_their_zeros_are_read_by_the_whole_column(put, times, first, is_text):
    table = pd.DataFrame({"Date": "20150105", "Time": times} | dict.fromkeys(["Open", "High", "Low", "Close"], 1))
    if not is_text and times[0] != "034200":
        for kind in (int, float):
            bars = read_prices(table.assign(Time=np.array(times, kind)))
            assert bars["date"][0] == np.datetime64(f"2015-01-05T{first}")
    elif is_text:
        for source in (table, put(table.to_csv(index=False))):
            assert read_prices(source)["date"][0] == np.datetime64(f"2015-01-05T{first}")


@pytest.mark.parametrize(
    ("times", "row", "message"),
    [
        ([34200, 34260], 1, "must be HHMM or HHMMSS, got 34260"),
        ([93000, 93060], 1, "must be HHMM or HHMMSS, got 93060"),
        ([34200, 34200], 0, "may be seconds or HHMMSS, got 34200"),  # 09:30 or 03:42
        ([34200, 35100], 0, "may be seconds or HHMMSS, got 34200"),
        ([34200.5, 34201.5], 0, "must be HHMM or HHMMSS, got 34200.5"),
        ([1000, 240000], 1, "must be HHMM or HHMMSS, got 240000"),
        ([-100, 1000], 0, "must be HHMM or HHMMSS, got -100"),
        ([930, np.nan], 1, "must be HHMM or HHMMSS, got nan"),
    ],
)
def test_times_that_are_seconds_or_may_be_are_refused_with_what_to_do(put, times, row, message):
    table = pd.DataFrame({"Date": ["20150105", "20150106"], "Time": times})
    table[["Open", "High", "Low", "Close"]] = 1.0
    with pytest.raises(
        ValueError, match=f"row {row} of the frame .*: .*{message}; write them as text such as 09:30:00"
    ):
        read_prices(table)
    if not np.isnan(times).any() and min(times) > 0:
        with pytest.raises(ValueError, match=f"T.csv, line {row + 2}: .*{message}"):
            read_prices(put(table.to_csv(index=False)))


def test_dates_may_be_the_index_of_a_frame_in_any_form(put):
    path = put(HEADER + ROW + "2015-01-06,22,24,18,20,10,0\n")
    expected = read_prices(path).tobytes()
    table = pd.read_csv(path, index_col=0)  # strings named Date
    dates = pd.to_datetime(table.index)
    for index in (
        table.index.rename(None),
        pd.Index(dates.date),
        pd.PeriodIndex(dates, freq="D"),
        pd.Index([20150105, 20150106], name="date"),
        pd.Index([1420416000, 1420502400], name="timestamp"),
        pd.Index([1420416000000, 1420502400000], name="Unix"),
    ):
        assert read_prices(table.set_axis(index)).tobytes() == expected
    assert read_prices(table.set_axis(pd.PeriodIndex(dates, freq="D")).rename_axis("Date").reset_index()).size == 2
    with pytest.raises(ValueError, match="the frame must begin with a line of names"):
        read_prices(table.reset_index(drop=True))


def test_a_frame_of_one_ticker_may_have_levels_of_names_and_one_of_several_may_not(put):
    path = put(HEADER + ROW)
    table = pd.read_csv(path, index_col=0, parse_dates=True)
    expected = read_prices(path).tobytes()
    for levels in ([table.columns, ["T"]], [["T"], table.columns]):
        frame = table.set_axis(pd.MultiIndex.from_product(levels), axis=1)
        assert read_prices(frame).tobytes() == expected
    both = pd.concat({"T": table, "U": table}, axis=1)
    with pytest.raises(ValueError, match="the frame: .* got those of 'T' and 'U'; give one ticker at a time"):
        read_prices(both)


@pytest.mark.parametrize("order", [1, -1])
def test_a_frame_of_levels_may_have_been_written_to_a_file(put, order):
    path = put(HEADER + ROW)
    table = pd.read_csv(path, index_col=0, parse_dates=True)
    expected = read_prices(path).tobytes()
    levels, names = ([table.columns, ["T"]], ["Price", "Ticker"])
    columns = pd.MultiIndex.from_product(levels[::order], names=names[::order])
    frame = table.set_axis(columns, axis=1)
    assert frame.to_csv().splitlines()[2] == "Date,,,,,,"
    assert read_prices(put(frame.to_csv())).tobytes() == expected
    both = pd.concat([frame, frame.rename(columns={"T": "U"})], axis=1)
    with pytest.raises(ValueError, match="T.csv: .* got those of 'T' and 'U'; give one ticker at a time"):
        read_prices(put(both.to_csv()))
    with pytest.raises(ValueError, match="T.csv, line 4: open must be a number above 0"):
        read_prices(put((frame * 0).to_csv()))


def test_global_state_and_the_frame_are_left_alone(put):
    table = pd.read_csv(put(HEADER + ROW))
    before = table.copy()
    read_prices(table)
    pd.testing.assert_frame_equal(table, before)


# Dates


@pytest.mark.parametrize(
    "texts, expected",
    [
        (["2015-1-2"], "2015-01-02T00:00"),
        (["2015/01/02 9:30"], "2015-01-02T09:30"),
        (["2015-01-02T09:30:15.5-05:00"], "2015-01-02T14:30:15.5"),
        (["1/13/15"], "2015-01-13T00:00"),
        (["15-Jan-15"], "2015-01-15T00:00"),
        (["24-01-05", "24-01-08", "24-01-09"], "2024-01-05T00:00"),
        (["24/01/31 09:30", "24/02/01 09:30"], "2024-01-31T09:30"),
        (["05.01.24", "15.01.24"], "2024-01-05T00:00"),
        (["12-30-24", "12-31-24"], "2024-12-30T00:00"),
        (["1/13/2015 9:30 PM"], "2015-01-13T21:30"),
        (["201501020930"], "2015-01-02T09:30"),
        (["13.01.2015 00:30:00.000 GMT+0100"], "2015-01-12T23:30"),
        (["2015-01-02 16:00 UTC"], "2015-01-02T16:00"),
        (["2015-01"], "2015-01-01T00:00"),
        (["1420070400123000000"], "2015-01-01T00:00:00.123"),
        (["٢٠١٥-01-02"], "2015-01-02T00:00"),
        (["2015-01-02 00:00:00Z"], "2015-01-02T00:00"),
        (["31.12.2015 16:00"], "2015-12-31T16:00"),
        (["12-31-2015"], "2015-12-31T00:00"),
        (["Jan 16, 2015"], "2015-01-16T00:00"),
        (["September 1, 2015"], "2015-09-01T00:00"),
        (["16-Jan-2015 09:30"], "2015-01-16T09:30"),
        (["6 may 2015"], "2015-05-06T00:00"),
        (["20150102 093015"], "2015-01-02T09:30:15"),
        (["20150102 0930"], "2015-01-02T09:30"),
        (["1/2/2015", "1/13/2015"], "2015-01-02T00:00"),
        (["1/2/2015", "13/1/2015"], "2015-02-01T00:00"),
        (["1420070400", "1420156800"], "2015-01-01T00:00"),
        (["345479400"], "1980-12-12T14:30"),
        (["1700010100", "1700013700"], "2023-11-15T01:01:40"),  # 1700-01-01T01 has no 01:37 o'clock
        (["1420070400123"], "2015-01-01T00:00:00.123"),
        (["1735689600000000"], "2025-01-01T00:00"),
    ],
)
def test_dates_are_read_as_written(texts, expected):
    assert read_dates(texts, "line {}".format)[0][0] == np.datetime64(expected)


@pytest.mark.parametrize(
    "texts, order, message",
    [
        (["1/2/2015", "2/3/2015"], None, "give date_order='MDY' or 'DMY'"),
        (["13/1/2015", "1/13/2015"], None, "line 1: a date must be in the calendar and written as the first"),
        (["13/1/2015"], "MDY", "line 0: a date must be in the calendar and .*, got '13/1/2015'"),
        (["2015-01-02", "1/2/2015"], None, "line 1: a date must be in the calendar and written as the first"),
        (["2015-02-29"], None, "line 0: a date must be such as"),
        (["1/2/15"], None, "line 0: a date must show the order of day and month by a number over 12"),
        (
            ["2015-01-02T00:00", "2015-01-03T00:00Z"],
            None,
            "line 1: dates must have a time zone throughout or not at all",
        ),
        *[([text], None, "line 0: a date must be such as") for text in ("10:30", "now", "May", "15", "")],
        (["1950010100"], None, "line 0: seconds since 1970 must .*, got '1950010100'; write dates such as"),
        (["1420070400", "2015010509"], None, "line 1: seconds since 1970 must end before 2033 .*, got '2015010509'"),
        (["9420070400000"], None, "line 0: seconds since 1970 must end before 2033"),
        (["12345678901"], None, "line 0: a date must be such as"),
        (["Maybe 16, 2015"], None, "line 0: a date must be such as"),
        (["30-Feb-2015"], None, "line 0: a date must be such as"),
        (["16-Jan-2015", "17-Jan-15"], None, "line 1: a date must be in the calendar and written as the first"),
        (["9999-01-01"], None, "line 0: a date must be in the calendar"),
        (["2015-01-02", "2015-01-03T25:00"], None, "line 1: a date must be in the calendar"),
        (["20150102 34200"], None, "line 0: a date must be such as"),  # 03:42:00 or the seconds of 09:30
        (["20150102 0930", "20150102 930"], None, "line 1: a date must be in the calendar and written as the first"),
        (["2015-01-02"], "YDM", "date_order must be None, 'MDY', 'DMY' or 'YMD', got 'YDM'"),
        (["24-01-05"], None, "line 0: '24-01-05' can be read in two ways, .*; give date_order='YMD'"),
        (["24-01-01", "24-02-01", "24-03-01"], None, "can be read in two ways"),
    ],
)
def test_what_is_no_date_or_could_be_two_is_refused_by_line(texts, order, message):
    with pytest.raises(ValueError, match=message):
        read_dates(texts, "line {}".format, order)


@settings(deadline=None)
@given(
    st.lists(st.datetimes(pd.Timestamp(1700, 1, 1), pd.Timestamp(2199, 12, 31)), min_size=1),
    st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%d.%m.%Y"]),
)
def test_written_dates_are_read_back(dates, form):
    written = [f"{date.strftime(form).zfill(8)}T{date:%H:%M:%S.%f}" for date in dates]
    order = {"%m/%d/%Y": "MDY", "%d.%m.%Y": "DMY"}.get(form)
    assert read_dates(written, str, order)[0].tolist() == np.array(dates, "M8[ns]").tolist()


# Bad input

BAD_ROWS = {
    "negative price": ("2015-01-06,-1,12,9,11,5,1", "open must be a number above 0 .* got -1"),
    "zero price": ("2015-01-06,10,12,9,0,5,1", "close must be a number above 0 .* got 0"),
    "nan": ("2015-01-06,10,NaN,9,11,5,1", "high must be a number above 0 .* got nan"),
    "inf": ("2015-01-06,10,inf,9,11,5,1", "a value must be a number .* got 'inf'"),
    "overflow": ("2015-01-06,10,1e999,9,11,5,1", "a value must be a number .* got 'inf'"),
    "null prices": ("2015-01-06,null,null,null,null,null,7", "open must be a number above 0"),
    "no number": ("2015-01-06,10,12,9,eleven,5,1", "a value must be a number .* got 'eleven'"),
    "underscore": ("2015-01-06,1_0,12,9,11,5,1", "a value must be a number .* got '1_0'"),
    "high below low": ("2015-01-06,10,9,12,11,5,1", "high must not be below low, got 9 and 12"),
    "open above high": ("2015-01-06,9,2,1,2,2,1", "open must be between low and high, got 9 with 1 and 2"),
    "close below low": ("2015-01-06,10,12,9,8.9,8.9,1", "close must be between low and high, got 8.9 with 9 and 12"),
    "negative volume": ("2015-01-06,10,12,9,11,5,-3", "volume must be 0 or more"),
    "zero adjusted": ("2015-01-06,10,12,9,11,0,3", "adjusted close must be a number above 0, got 0"),
    "no date": (",10,12,9,11,5,1", "a date must be in the calendar and written as the first, '2015-01-0[57]', got ''"),
    "not in the calendar": ("2015-02-30,10,12,9,11,5,1", "a date must be in the calendar"),
    "twice": ("2015-01-05,10,12,9,11,5,1", "each date must come once and in order, got 2015-01-05.* out of place"),
    "line cut": ("2015-01-06,10,12,9", "each line must have 7 cells as the first, got 4"),
    "line too long": ("2015-01-06,10,12,9,11,5,1,7", "each line must have 7 cells as the first, got 8"),
    "open quote": ('2015-01-06,10,12,9,11,5,"1', "the line must be plain CSV"),
}


@pytest.mark.parametrize(("row", "message"), BAD_ROWS.values(), ids=BAD_ROWS)
@pytest.mark.parametrize("place", [3, 4])
def test_a_bad_line_is_refused_by_its_number(put, row, message, place):
    after = "2015-01-07,10,12,9,11,5.5,100\n"
    text = HEADER + ROW + (row + "\n" + after if place == 3 else after + row + "\n")
    if place == 4:
        text = text.replace("2015-01-06", "2015-01-08").replace(
            "2015-01-05,10,12,9,11,5,1\n", "2015-01-07,10,12,9,11,5,1\n"
        )
        message = message.replace("2015-01-05", "2015-01-07")
    with pytest.raises(ValueError, match=rf"T\.csv, line {place}: {message}"):
        read_prices(put(text))


def test_lines_out_of_order_are_refused_in_both_directions(put):
    rows = [f"2015-01-0{day},1,1,1,1,1,0\n" for day in (5, 7, 6, 8)]
    with pytest.raises(ValueError, match="T.csv, line 4: .* got 2015-01-06"):
        read_prices(put(HEADER + "".join(rows)))
    with pytest.raises(ValueError, match="T.csv, line 3: .* got 2015-01-06"):  # by time: 5, 7, then 6
        read_prices(put(HEADER + "".join(rows[::-1])))


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "at least one line of data, got 0 line"),
        (HEADER.encode(), "at least one line of data, got 1 line"),
        (b"a,b\n1,2\n", "must begin with a line of names, date, open, high, low, close among them, got 'a, b'"),
        (ROW.encode(), "must begin with a line of names"),
        (b"<!DOCTYPE html>\n<html>\n", "must begin with a line of names"),
        (b"\x89PNG\r\n\x1a\n\0\0", "the text must be UTF-8, got 0x89"),
        (b"PK\x03\x04\x14\0\0\0", "must be a zip archive that can be read"),
        (b"a,b\0\n", "the text must be UTF-8 without NUL bytes"),
        ((HEADER + ROW).encode("utf-16-le"), "the text must be UTF-8"),
        (gzip.compress((HEADER + ROW * 99).encode(), mtime=0)[:60], "the gzip file is damaged or cut"),
        ((HEADER.replace("Low", "High") + ROW).encode(), "must begin with a line of names"),
        ((HEADER.replace("Volume", "High") + ROW).encode(), "one column must be the high, got several named 'high'"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_name(put, content, message):
    with pytest.raises(ValueError, match=message) as error:
        read_prices(put(content))
    assert "T.csv" in str(error.value)


def test_what_is_no_file_and_no_frame_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_prices(tmp_path / "none.csv")
    with pytest.raises(OSError):
        read_prices(tmp_path)
    with pytest.raises(TypeError, match="a path or a pandas.DataFrame, got int"):
        read_prices([1, 2])


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda t: t[:0], "the frame must hold at least one bar"),
        (lambda t: t.drop(columns="Low"), "the frame must begin with a line of names"),
        (lambda t: t.assign(High=0.0), r"row 0 of the frame \(0\): high must be a number above 0"),
        (lambda t: t.assign(High=None), "row 0 of the frame .*: high must be a number above 0"),
        (lambda t: t.assign(High="x"), "row 0 of the frame .*: a value must be a number"),
        (lambda t: t.assign(Date=pd.NaT), "row 0 of the frame .*: a bar must have a date"),
        (lambda t: pd.concat([t, t]), "row 1 of the frame .*: each date must come once"),
        (lambda t: t.assign(Date=1.45e9 + 0.5), "row 0 of the frame .*: a date must be such as"),
    ],
)
def test_a_bad_frame_is_refused_by_row(put, change, message):
    with pytest.raises(ValueError, match=message):
        read_prices(change(pd.read_csv(put(HEADER + ROW))))


@pytest.mark.filterwarnings("ignore:.*(as after a split|are left out|no line end|is ignored).*:UserWarning")
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_files_are_read_or_refused_by_name_and_nothing_else(tmp_path_factory, data):
    text = bytearray((HEADER + ROW + "2015-01-06,22,24,18,20,10,0\n").encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        kind = data.draw(st.sampled_from(["byte", "cut", "double"]))
        if kind == "byte":
            text[place] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del text[place : place + data.draw(st.integers(1, 9))]
        else:
            text[place:place] = text[place : place + data.draw(st.integers(1, 40))]
        if not text:
            break
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(text)
    try:
        bars = read_prices(path)
    except ValueError as error:
        assert "fuzz.csv" in str(error)
    else:
        assert len(bars) and find_fault(bars) is None


# Real files


def real_files(name):
    home = Path(os.environ.get("SEQCONV_DATA", ""), "finance", name)
    files = sorted(home.glob("*.csv*")) if os.environ.get("SEQCONV_DATA") else []
    if not files:
        pytest.skip(f"SEQCONV_DATA has no finance/{name}")
    return files


@pytest.mark.parametrize("name", ["stocknet_acl18", "kdd17_2007_2015"])
def test_real_bars_are_those_that_pandas_reads(name):
    for path in real_files(name)[:12]:
        table = pd.read_csv(path)
        table["Date"] = pd.to_datetime(table["Date"])
        table = table.sort_values("Date", ignore_index=True)
        table["Open"] = table.get("Original_Open", table["Open"])
        bars, scale = read_prices(path), table["Adj Close"] / table["Close"]
        assert (bars["date"] == table["Date"].to_numpy()).all() and (bars["close"] == table["Adj Close"]).all()
        for ours, theirs in (("open", "Open"), ("high", "High"), ("low", "Low")):
            np.testing.assert_allclose(bars[ours], table[theirs] * scale, rtol=1e-12)
        assert (bars["volume"] == table["Volume"]).all()


@pytest.mark.parametrize("name", ["stocknet_acl18", "kdd17_2007_2015"])
def test_volumes_of_real_files_are_in_the_shares_of_today_and_nothing_is_said(name, recwarn):
    for path in real_files(name):
        read_prices(path)
    assert not recwarn
