"""Tables of prices as exchanges, brokers and libraries write them."""

import gzip
import sys
import zipfile
from functools import partial

import numpy as np
import pandas as pd
import pytest

from seqconv.adapters import PriceAdapter
from seqconv.data import WalkForwardSplit
from seqconv.data.case_times import case_times
from seqconv.data.dated_splits import walk_forward
from seqconv.data.splits import split_cases
from seqconv.data.time_split import rows_by_time
from seqconv.datasets import make_prices, split_prices
from seqconv.domains.finance.labels import direction
from seqconv.domains.finance.price_columns import split_tickers
from seqconv.formats import read_prices

PRICES = make_prices(3, 60, random_state=1)
TICKERS = ["AAPL", "BRK.B", "BTC-USD"]
FRAMES = {
    ticker: pd.DataFrame({name.title(): bars[name] for name in bars.dtype.names[1:]}, index=bars["date"]).rename_axis(
        "Date"
    )
    for ticker, bars in zip(TICKERS, PRICES.X, strict=True)
}
WIDE = pd.concat(FRAMES, axis=1)
LONG = pd.concat(FRAMES, names=["Ticker", "Date"])
DECEMBER, JANUARY = 1735603200, 1735689600


def klines(start, n, unit, tail="12.5,{close},1255.0,90,6.2,622.0,0"):
    """Lines of an exchange, an hour each; times in `unit` parts of a second."""
    times = (start + np.arange(n + 1) * 3600) * unit
    rows = zip(times[:-1], times[1:] - 1, strict=True)
    return "".join(f"{time},100.1,101.5,99.2,100.4,{tail.format(close=close)}\n" for time, close in rows)


def put_zip(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return path


# Without a line of names


def test_klines_of_binance_are_read_in_milliseconds_microseconds_and_both(put, tmp_path):
    december, january = klines(DECEMBER, 24, 1000), klines(JANUARY, 24, 1_000_000)
    names = (
        "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,x\n"
    )
    expected = read_prices(put(december))
    assert len(expected) == 24 and expected["date"][0] == np.datetime64("2024-12-31T00:00")
    assert expected["close"][0] == 100.4 and (expected["volume"] == 12.5).all()
    sources = {
        "named": put(names + december, "named.csv"),
        "gzip": put(gzip.compress(december.encode()), "T.csv.gz"),
        "zip": put_zip(tmp_path / "T.zip", inside=december),
        "member": put_zip(tmp_path / "two.zip", inside=december, other=january) / "inside.csv",
        "without names": pd.read_csv(put(december), header=None),
        "list of lists": pd.DataFrame(pd.read_csv(put(december), header=None).to_numpy().tolist()),
    }
    for name, source in sources.items():
        assert read_prices(source).tobytes() == expected.tobytes(), name
    both = read_prices(put(names + december + january))
    assert len(both) == 48 and (np.diff(both["date"]) == np.timedelta64(1, "h")).all()
    with pytest.raises(ValueError, match=r"two.zip must hold one file, got 2: inside.csv, other.csv; give a path"):
        read_prices(tmp_path / "two.zip")
    # The first bar was taken for names.
    with pytest.raises(ValueError, match="must begin with a line of names.* header=None"):
        read_prices(pd.read_csv(put(december)))


@pytest.mark.parametrize(
    ("line", "date", "volume"),
    [
        ("1381095240,122.0,123.0,121.0,122.5,0.1,1", "2013-10-06T21:34", 0.1),  # Kraken
        ("2015.01.05,09:30,122.0,123.0,121.0,122.5,37", "2015-01-05T09:30", 37),  # MetaTrader 4
        ("20150105 093000;122.0;123.0;121.0;122.5;0", "2015-01-05T09:30", 0),  # HistData
        ("1420450200000,122.0,123.0,121.0,122.5,37", "2015-01-05T09:30", 37),  # ccxt
        ("2015-01-05,122.0,123.0,121.0,122.5", "2015-01-05", np.nan),
        ("2015.01.05\t09:30:00\t122.0\t123.0\t121.0\t122.5\t37\t0\t2", "2015-01-05T09:30", 37),  # MetaTrader 5
    ],
)
def test_other_exports_without_names(put, line, date, volume):
    bars = read_prices(put(line + "\n"))
    assert [bars[name].item() for name in ("open", "high", "low", "close")] == [122, 123, 121, 122.5]
    assert bars["date"][0] == np.datetime64(date)
    np.testing.assert_array_equal(bars["volume"], [volume])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1420450200000,122.0,122.5,123.0,121.0,37", "must be open, high, low, close, got a price outside of low to"),
        ("1420450200000,121.0,122.9,122.0,122.5,37", "must be open, high, low, close, got a price outside of low to"),
        ("2015-01-05,10,12,9,11,5.5,100", "must begin with a line of names"),  # an adjusted close before the volume
        ("1420450200000,122.0,123.0,121.0", "must begin with a line of names"),
        ("AAPL,2015-01-05,10,12,9,11", "must hold a line of names and at least one line of data"),
    ],
    ids=["Bitfinex", "Coinbase", "Yahoo", "short", "ticker first"],
)
def test_columns_in_another_order_are_refused(put, line, message):
    with pytest.raises(ValueError, match=message):
        read_prices(put(line + "\n"))


# Files of one ticker in parts


def test_months_of_one_ticker_are_joined(put, tmp_path):
    paths = [
        put_zip(tmp_path / "BTCUSDT-1h-2025-01.zip", inside=klines(JANUARY, 24, 1_000_000)),
        put(klines(DECEMBER, 24, 1000), "BTCUSDT-1h-2024-12.csv"),
    ]
    bars = read_prices(paths)
    assert len(bars) == 48 and (np.diff(bars["date"]) == np.timedelta64(1, "h")).all()
    adapter = PriceAdapter(5, ["log_return"])
    cases = adapter.cases(paths, label=None)
    assert set(cases.groups) == {"BTCUSDT-1h"} and len(cases) == 48 - 5
    assert set(adapter.cases({"BTC": paths}, label=None).groups) == {"BTC"}
    assert adapter.fit([paths]).transform([paths]).shape == (1, 5, 1)
    other = put(klines(DECEMBER, 24, 1000), "ETHUSDT-1h-2024-12.csv")
    assert set(adapter.cases([*paths, other], label=None).groups) == {"BTCUSDT-1h", "ETHUSDT-1h-2024-12"}


@pytest.mark.parametrize(
    ("names", "ticker"),
    [
        (("AAPL_2022", "AAPL_2023"), "AAPL"),
        (("EURUSD-2022", "EURUSD-2023-01"), "EURUSD"),
        (("eurusd_m1_jan", "eurusd_m1_feb"), "eurusd_m1"),
        (("DAX Dezember 2024", "DAX Januar 2025"), "DAX"),
        (("AAPL", "AAPL_2025"), "AAPL"),
    ],
)
def test_years_and_words_of_months_are_parts_if_no_dates_overlap(put, names, ticker):
    first, second = (f"{name}.csv" for name in names)
    paths = [put(klines(DECEMBER, 24, 1000), first), put(klines(JANUARY, 24, 1000), second)]
    adapter = PriceAdapter(5, ["log_return"])
    cases = adapter.cases(paths, label=None)
    assert set(cases.groups) == {ticker} and len(cases) == 48 - 5
    overlapping = [paths[0], put(klines(DECEMBER + 3600, 24, 1000), second)]
    assert set(adapter.cases(overlapping, label=None).groups) == {*names}


def test_a_part_that_cannot_be_read_takes_no_other_with_it(put):
    paths = [put(klines(DECEMBER, 24, 1000), "A_2022.csv"), put("no prices\n", "A_2023.csv")]
    with pytest.warns(UserWarning, match="1 of 2 records were left out: A_2023"):
        cases = PriceAdapter(5, ["log_return"]).cases(paths, label=None, errors="skip")
    assert set(cases.groups) == {"A_2022"}


def test_names_with_numbers_are_taken(put):
    line = "2024-01-0{0},10,12,9,11,10.5,100,0\n"
    names = "date,1. open,2. high,3. low,4. close,5. adjusted close,6. volume,7. dividend amount\n"
    bars = read_prices(put(names + line.format(2) + line.format(3)), extra_columns=["7. dividend amount"])
    assert bars["close"].tolist() == [10.5, 10.5] and bars["volume"].tolist() == [100, 100]
    frame = FRAMES["AAPL"].set_axis(["1. open", "2. high", "3. low", "4. close", "5. volume"], axis=1)
    np.testing.assert_array_equal(read_prices(frame), read_prices(FRAMES["AAPL"]))


def test_parquet_is_read_as_a_frame_and_without_its_library_says_what_to_install(put, monkeypatch):
    path = put("nothing", "AAPL.parquet")
    with monkeypatch.context() as patch:
        patch.setattr(pd, "read_parquet", lambda path: FRAMES["AAPL"])
        np.testing.assert_array_equal(read_prices(path), read_prices(FRAMES["AAPL"]))
    for library in ("pyarrow", "fastparquet"):
        monkeypatch.setitem(sys.modules, library, None)
    for read in (read_prices, lambda path: PriceAdapter().cases([path])):
        with pytest.raises(ImportError, match=r"AAPL.parquet: Parquet needs pyarrow: pip install seqconv\[parquet\]"):
            read(path)


def test_parts_may_repeat_bars_but_not_contradict_each_other(put):
    first, second = klines(DECEMBER, 24, 1000), klines(DECEMBER + 20 * 3600, 24, 1000)
    parts = [put(first, "a.csv"), put(second, "b.csv")]
    assert len(read_prices(parts)) == 44
    with pytest.raises(ValueError, match=r"b.csv, line 1: each date must come once"):
        read_prices([parts[0], put(second.replace("100.4", "100.5"), "b.csv")])
    naive = put("2024-12-30,100.1,101.5,99.2,100.4,1\n", "c.csv")
    with pytest.raises(ValueError, match="parts of one ticker must have dates with a time zone throughout"):
        read_prices([parts[0], naive])
    with pytest.raises(ValueError, match="at least one file or frame, got an empty list"):
        read_prices([])


# Tables of several tickers


def flattened(form):
    return WIDE.set_axis(pd.Index([form(ticker, name) for ticker, name in WIDE.columns], tupleize_cols=False), axis=1)


@pytest.mark.parametrize(
    "table",
    [
        WIDE,
        WIDE.swaplevel(axis=1),
        flattened("{0}_{1}".format),
        flattened("{1} {0}".format),
        flattened(lambda ticker, name: (name, ticker)),
        flattened(lambda ticker, name: str((name, ticker))),
        LONG,
        LONG.swaplevel(),
        LONG.reset_index(),
        LONG.reset_index().sort_values(["Date", "Ticker"]),
        LONG.reset_index("Ticker"),
        LONG.reset_index().rename(columns={"Ticker": "Name"}),
    ],
    ids=[
        "levels",
        "swapped",
        "ticker first",
        "ticker last",
        "tuples",
        "texts of tuples",
        "long",
        "long swapped",
        "columns",
        "by date",
        "date index",
        "Name",
    ],
)
def test_a_table_of_several_tickers_goes_straight_into_cases(table):
    adapter = PriceAdapter(8, ["log_return", "relative_volume_3"]).fit(PRICES.X)
    cases, expected = adapter.cases(table), adapter.cases(dict(zip(TICKERS, PRICES.X, strict=True)))
    assert cases.groups.tolist() == expected.groups.tolist() and cases.y.tolist() == expected.y.tolist()
    np.testing.assert_array_equal(adapter.transform(cases.X), adapter.transform(expected.X))
    with pytest.raises(
        ValueError, match="those of 'AAPL' and 'BRK.B'; give one ticker at a time, or the table to Price"
    ):
        read_prices(table)


def test_days_of_other_tickers_are_no_bars_and_nothing_is_said(recwarn):
    wide = pd.concat({"A": FRAMES["AAPL"], "B": FRAMES["BRK.B"][10:40]}, axis=1)
    cases = PriceAdapter(3, ["log_return"]).cases(wide, label=None)
    assert cases.about.groupby("record").size().to_dict() == {"A": 57, "B": 27} and not recwarn


def test_a_file_of_several_tickers_is_split(put):
    path = put(LONG.reset_index().to_csv(index=False))
    assert [(ticker, len(frame)) for ticker, frame in split_tickers(path).items()] == [(name, 60) for name in TICKERS]
    one = PriceAdapter(3, ["log_return"]).cases(FRAMES["AAPL"].assign(Ticker="AAPL"))
    assert set(one.groups) == {"AAPL"}
    assert set(PriceAdapter(3, ["log_return"]).cases(FRAMES["AAPL"]).groups) == {"the frame"}


def test_names_of_other_exports(put):
    row = "2015-01-05 00:00:00,BTCUSD,122.0,123.0,121.0,122.5,37,4500\n"
    bars = read_prices(put("date,symbol,open,high,low,close,Volume BTC,Volume USD\n" + row))
    assert bars["volume"].tolist() == [37]
    bars = read_prices(put("Gmt time,Open,High,Low,Close\n13.01.2015 00:00:00.000 GMT-0000,122,123,121,122.5\n"))
    assert bars["date"][0] == np.datetime64("2015-01-13")
    bars = read_prices(put("Date,Open Price,High Price,Low Price,Close Price\n13-Jan-2015,122,123,121,122.5\n"))
    assert bars["close"].tolist() == [122.5]


# Text


EXPORTS = {
    "an address above": (
        "https://www.CryptoDataDownload.com",
        "unix,date,symbol,open,high,low,close,Volume BTC",
        "1609545600000,2021-01-02 00:00:00,BTC/USD,29,30,28,29.5,12",
        "1609459200000,2021-01-01 00:00:00,BTC/USD,28,29,27,29,10",
    ),
    "Polygon": (
        "ticker,volume,open,close,high,low,window_start,transactions",
        "A,100,187,29,188,28,1609459200000000000,5",
        "A,120,29,187,188,28,1609459260000000000,6",
    ),
    "Interactive Brokers": (
        "date,open,high,low,close,volume",
        "20201231 19:00:00 US/Eastern,28,30,27,29,8200",
        "20201231 19:01:00 US/Eastern,29,30,28,29,5800",
    ),
    "Investing in German": (
        '\ufeff"Datum";"Zuletzt";"Eröffn.";"Hoch";"Tief";"Vol.";"+/- %"',
        '"15.01.2021";"29,63";"28,16";"30,26";"28,00";"65,60M";"-1,23%"',
        '"01.01.2021";"29,00";"28,06";"30,74";"28,00";"40,48M";"0,18%"',
    ),
    "Ariva": (
        "Datum;Erster;Hoch;Tief;Schlusskurs;Stuecke;Volumen",
        "2021-01-04;28,16;30,26;28,00;29,63;12;2.100",
        "2021-01-01;28,06;30,74;28,00;29,00;10;1.900",
    ),
}


@pytest.mark.parametrize("lines", EXPORTS.values(), ids=EXPORTS)
def test_exports_with_a_title_zones_by_name_or_german_names(put, recwarn, lines):
    bars = read_prices(put("\n".join([*lines, ""])))
    assert bars["date"][0] == np.datetime64("2021-01-01") and bars["close"][0] == 29 and len(bars) == 2
    assert not recwarn.list


def test_times_that_a_clock_shows_twice_or_in_no_known_zone_are_refused(put):
    text = "date,open,high,low,close\n2024-11-03 00:30 {zone},1,2,1,1\n2024-11-03 01:30 {zone},1,2,1,1\n"
    with pytest.raises(ValueError, match="line 3: the clock shows '2024-11-03 01:30 US/Eastern' twice or never"):
        read_prices(put(text.format(zone="US/Eastern")))
    assert len(read_prices(put(text.format(zone="Europe/Berlin")))) == 2
    with pytest.raises(ValueError, match="line 2: a time zone must be such as US/Eastern, got 'Mars/Olympus'"):
        read_prices(put(text.format(zone="Mars/Olympus")))


@pytest.mark.parametrize(
    "rows",
    [
        "1.234,50;1.300,00;1.200,00;1.250,25;1.234.567\n",
        "1234,50;1300,00;1200,00;1250,25;1234567\n",
        "1234,5;1300;1200;1250,25;1.234.567\n",
    ],
)
def test_decimal_commas_are_read_by_the_whole_table(put, rows):
    bars = read_prices(put("Datum-x;Open;High;Low;Close;Volume\n".replace("Datum-x", "Date") + "31.12.2015;" + rows))
    assert bars["open"].tolist() == [1234.5] and bars["close"].tolist() == [1250.25]
    assert bars["high"].tolist() == [1300] and bars["volume"].tolist() == [1234567]


def test_a_missing_last_line_end_is_read_with_a_warning(put):
    text = "Date,Open,High,Low,Close,Volume\n2015-01-05,1,1,1,1,100\n2015-01-06,1,1,1,1,100"
    with pytest.warns(
        UserWarning, match="T.csv: the last line has no line end; fetch the file again if it may"
    ) as told:
        assert len(read_prices(put(text))) == 2
    assert told[0].filename == __file__
    with pytest.raises(ValueError, match="T.csv, line 3: each line must have 6 cells"), pytest.warns(UserWarning):
        read_prices(put(text[:-4]))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_encodings_with_a_mark_and_line_ends_of_all_systems(put, encoding, end):
    text = end.join(["<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>", "2015.01.05\t1\t2\t1\t2\t7", "", ""])
    assert read_prices(put(text.encode(encoding)))["volume"].tolist() == [7]


def test_empty_rows_of_a_spreadsheet_are_passed_over(put):
    text = "Date,Open,High,Low,Close\n2015-01-05,1,1,1,1\n,,,,\n,,,,\n"
    assert len(read_prices(put(text))) == 1


def test_two_stray_quotes_do_not_swallow_the_lines_between(put):
    text = 'Date,Open,High,Low,Close,Note\n2015-01-05,1,1,1,1,"a\n2015-01-06,1,1,1,1,b\n2015-01-07,1,1,1,1,c"\n'
    with pytest.raises(ValueError, match="T.csv, line 2: the line must be plain CSV"):
        read_prices(put(text))


# Time zones


def hours(first, zone, n=48):
    index = pd.date_range(first, periods=n, freq="h", tz=zone, name="Date")
    return pd.DataFrame({"Open": 10.0, "High": 11.0, "Low": 9.0, "Close": 10.0, "Volume": 5}, index=index)


@pytest.mark.parametrize(
    ("first", "zone"),
    [
        ("2024-11-02 12:00", "America/New_York"),
        ("2024-10-26 12:00", "Europe/Berlin"),
        ("2024-04-06 12:00", "Australia/Sydney"),
        ("2024-03-09 12:00", "America/New_York"),
    ],
)
def test_nights_of_a_clock_change_are_read_as_instants(put, first, zone):
    bars = hours(first, zone)
    expected = bars.index.tz_convert("UTC").tz_localize(None).to_numpy("M8[ns]")
    sources = {
        "frame": bars,
        "in UTC": bars.tz_convert("UTC"),
        "file with offsets": put(bars.to_csv()),
        "texts": bars.set_axis(bars.index.astype(str)).rename_axis("Date"),
        "objects": bars.set_axis(pd.Index(bars.index.to_pydatetime(), dtype=object, name="Date")),
    }
    for name, source in sources.items():
        np.testing.assert_array_equal(read_prices(source)["date"], expected, err_msg=name)
    x = PriceAdapter(47, ["elapsed"]).fit([bars]).transform([bars])[0, 1:, 0]
    np.testing.assert_allclose(np.exp(x) * 24, 1, rtol=1e-5)


def test_a_repeated_hour_without_a_zone_is_still_refused(put):
    bars = hours("2024-11-02 12:00", "America/New_York").tz_localize(None)
    with pytest.raises(ValueError, match="each date must come once and in order"):
        read_prices(bars)


def test_cases_of_several_exchanges_are_dated_in_utc():
    zones = {"NY": "America/New_York", "TK": "Asia/Tokyo", "LN": "Europe/London"}
    adapter = PriceAdapter(5, ["log_return"])
    cases = adapter.cases({name: hours("2024-01-02 09:30", zone) for name, zone in zones.items()}, dead_zone="keep")
    for name, zone in zones.items():
        stop = cases.about["stop"][cases.about["record"] == name].iloc[0]
        assert stop == pd.Timestamp("2024-01-02 14:30", tz=zone)
    naive = hours("2024-01-02 09:30", None)
    with pytest.warns(UserWarning, match="A has dates with a time zone or counted from 1970, B has not") as told:
        mixed = adapter.cases({"A": hours("2024-01-02 09:30", "Asia/Tokyo"), "B": naive}, dead_zone="keep")
    assert told[0].filename == __file__ and str(mixed.about["stop"].dt.tz) == "UTC"
    assert adapter.cases({"B": naive}, dead_zone="keep").about["stop"].dt.tz is None


def test_no_label_of_another_exchange_is_known_only_after_the_first_decision():
    zones = ("America/New_York", "Asia/Tokyo", "Europe/London", "Australia/Sydney")
    draw = np.random.default_rng(0)
    records = {}
    for zone in zones:
        close = 100 * np.exp(np.cumsum(draw.normal(0, 0.01, 120)))
        bars = hours("2024-01-02 09:30", zone, 120)
        records[zone] = bars.assign(Open=close, Close=close, High=close * 1.01, Low=close * 0.99)
    cases = PriceAdapter(5, ["log_return"]).cases(records, dead_zone="keep")
    splits = [
        walk_forward(cases.about["stop"], cases.about["label_stop"], 4),
        WalkForwardSplit(4).split(cases),
        [rows_by_time(cases.about, 0.2)],
    ]
    for train, test in (parts for split in splits for parts in split):
        assert cases.about["label_stop"].iloc[train].max() < cases.about["stop"].iloc[test].min()
    with pytest.warns(UserWarning, match="share days"):
        rest, apart = split_cases(cases, 0.2, by="time")
    assert rest.about["label_stop"].max() < apart.about["stop"].min()
    dated = split_prices(cases, {"train": ("2024-01-02", "2024-01-05"), "test": ("2024-01-05", "2024-01-08")})
    train = dated[dated.part_is("train")]
    assert train.about["label_stop"].max() < pd.Timestamp("2024-01-05", tz="UTC") and set(train.groups) == set(zones)


@pytest.mark.parametrize("knows_labels", [True, False])
def test_windows_that_overlap_are_set_apart_by_time_with_no_bar_or_label_on_both_sides(knows_labels):
    (bars,) = make_prices(1, 600, signal=0).X
    adapter = PriceAdapter(20, ["log_return", "average_20", "momentum_10"])
    cases = adapter.cases([bars], label=partial(direction, horizon_bars=20, up=0, down=0))
    train, validation = rows_by_time(cases.about if knows_labels else case_times(cases.X), 0.1)
    assert len(validation) == np.ceil(0.1 * len(cases))
    assert cases.about["label_stop"].iloc[train].max() < cases.about["stop"].iloc[validation].min()
    assert cases.about["stop"].iloc[train].max() < cases.about["start"].iloc[validation].min()
    assert len(train) > 0.8 * (len(cases) - len(validation) - 40)


@pytest.mark.parametrize("as_text", [True, False])
def test_a_folder_holds_a_file_of_each_ticker(tmp_path, as_text):
    for ticker, frame in FRAMES.items():
        frame.to_csv(tmp_path / f"{ticker}.csv")
    (tmp_path / "notes.md").write_text("bars of three tickers")
    cases = PriceAdapter(5).cases(str(tmp_path) if as_text else tmp_path)
    assert sorted(set(cases.groups)) == sorted(TICKERS)
    (empty := tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="a folder of .csv.* files is required"):
        PriceAdapter(5).cases(empty)
