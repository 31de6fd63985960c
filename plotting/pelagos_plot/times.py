"""Times: which record a person means, and how its time reads.

A file's time is either elapsed ("s", "days") or since a date ("seconds since 2000-01-01", with a calendar).
"""

from __future__ import annotations

import re

import numpy
import xarray

from pelagos_plot.errors import PlotError
from pelagos_plot.files import TIME, record_count
from pelagos_plot.labels import unit_text

DAY = 86400.0
SECONDS = {
    "fs": 1e-15, "ps": 1e-12, "ns": 1e-9,
    "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0,
    "min": 60.0, "minute": 60.0, "minutes": 60.0,
    "h": 3600.0, "hr": 3600.0, "hour": 3600.0, "hours": 3600.0,
    "d": DAY, "day": DAY, "days": DAY,
    "year": 365.25 * DAY, "years": 365.25 * DAY,
}
# The unit that times are shown in: the largest of which the longest time holds at least so many.
SHOWN = ((3 * DAY, DAY, "days"), (2 * 3600.0, 3600.0, "hours"), (300.0, 60.0, "minutes"))
DATED = ("days", "hours")  # beside times in these, the date is shown


def time_units(data: xarray.Dataset) -> str:
    """The units attribute of the time coordinate; "" if there is none."""
    return str(data[TIME].attrs.get("units", "")) if TIME in data.variables else ""


def elapsed_unit(units: str) -> str:
    """"seconds" of both "seconds since 2000-01-01" and "seconds"."""
    return units.split(" since ")[0].strip()


def elapsed_times(data: xarray.Dataset) -> numpy.ndarray:
    """The time of each record in the file's own unit; record numbers if the file has no times."""
    if TIME in data.variables:
        return numpy.atleast_1d(numpy.asarray(data[TIME].values, dtype=float))
    return numpy.arange(record_count(data), dtype=float)


def shown_unit(times: numpy.ndarray, units: str) -> tuple[float, str]:
    """What to multiply times of `units` with before they are shown, and the name of the unit they then have."""
    seconds = SECONDS.get(elapsed_unit(units))
    if seconds is None or seconds < 1e-3:  # plain numbers, and times of atoms: in their own unit
        return 1.0, unit_text(elapsed_unit(units))
    longest = float(numpy.nanmax(numpy.abs(times), initial=0.0)) * seconds
    for least, size, name in SHOWN:
        if longest >= least:
            return seconds / size, name
    return seconds, "s"


def date_text(value: float, units: str, calendar: str) -> str:
    """The date of `value`, or "" for a time that is not since a date or that cftime cannot read."""
    if " since " not in units:
        return ""
    try:
        import cftime

        date = cftime.num2date(value, units, calendar=calendar)
        return date.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00").strip()
    except (ImportError, ValueError, OverflowError, TypeError):
        return ""


def elapsed_text(data: xarray.Dataset, *records: int) -> str:
    """The times of one or two records: "t = 12.5 days", "t = 10 to 20 days"; "" where the file has no times."""
    if TIME not in data.variables:
        return ""
    times = elapsed_times(data)
    scale, name = shown_unit(times, time_units(data))
    return f"t = {' to '.join(f'{times[record] * scale:.5g}' for record in records)} {name}".strip()


def time_text(data: xarray.Dataset, record: int) -> str:
    """The time of a record as a title says it: "t = 12.5 days", and the date where the file has one and the run is
    long enough for it to mean something."""
    elapsed = elapsed_text(data, record)
    if not elapsed.endswith(DATED):
        return elapsed
    date = date_text(elapsed_times(data)[record], time_units(data), str(data[TIME].attrs.get("calendar", "standard")))
    return f"{elapsed}, {date}" if date else elapsed


def duration_in(text: str, units: str) -> float | None:
    """"2.5 days" in the file's unit; a plain number with a decimal point is in that unit already. None: no duration."""
    match = re.fullmatch(r"\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*([A-Za-z]*)\s*", text)
    if not match:
        return None
    number, unit = float(match[1]), match[2]
    if not unit:
        return number
    to, source = SECONDS.get(elapsed_unit(units)), SECONDS.get(unit)
    return number * source / to if to and source else None


def date_in(text: str, units: str, calendar: str) -> float | None:
    """"2000-03-01" or "2000-03-01T12:00" as a number in `units`. None: no date, or the file's times are not dates."""
    parts = re.fullmatch(r"\s*(\d+)-(\d+)-(\d+)(?:[T ](\d+):(\d+))?\s*", text)
    if not parts or " since " not in units:
        return None
    try:
        import cftime

        date = cftime.datetime(*(int(part or 0) for part in parts.groups()), calendar=calendar)
        return float(cftime.date2num(date, units, calendar=calendar))
    except (ImportError, ValueError):
        return None


def record_of_number(number: int, count: int) -> int:
    """Record `number` of `count`; negative ones count from the end."""
    if not -count <= number < count:
        raise PlotError(f"There is no record {number}; the file has {count}, numbered 0 to {count - 1}.")
    return number % count


def chosen_records(data: xarray.Dataset, choice: str) -> list[int]:
    """The records that `choice` means: last, all, a number, or the one nearest to a duration or date."""
    count = record_count(data)
    if count == 0:
        raise PlotError("The file holds no record yet.")
    if choice == "all":
        return list(range(count))
    if choice == "last":
        return [count - 1]
    if re.fullmatch(r"[-+]?\d+", choice):
        return [record_of_number(int(choice), count)]
    units = time_units(data)
    value = duration_in(choice, units)
    if value is None:
        calendar = str(data[TIME].attrs.get("calendar", "standard")) if TIME in data.variables else "standard"
        value = date_in(choice, units, calendar)
    if value is None:
        raise PlotError(f"The time '{choice}' is not one of last, all, a record's number, a duration such as '2.5 "
                        "days' or a date such as 2000-03-01 (where the file's times are dates).")
    return [int(numpy.nanargmin(numpy.abs(elapsed_times(data) - value)))]


def one_record(data: xarray.Dataset, choice: str) -> int:
    """The record that `choice` means, which may not be all."""
    records = chosen_records(data, choice)
    if choice == "all":
        raise PlotError("An end of a range of times is a record's number, a duration, a date or last, not all.")
    return records[0]


def range_of_records(data: xarray.Dataset, first: str, last: str) -> list[int]:
    """The records from one to another; an end that is empty is that of the file."""
    low, high = one_record(data, first.strip() or "0"), one_record(data, last.strip() or "last")
    if high < low:
        raise PlotError(f"The range of times {first.strip()}..{last.strip()} ends before it begins.")
    return list(range(low, high + 1))


def chosen_means(data: xarray.Dataset, choice: str) -> list[list[int]]:
    """The records of each mean that `choice` means: several, with commas between, of all, one record, or A..B.

    "half" is the second half of the file: what a steady state is averaged over.
    """
    if choice == "half":
        return [range_of_records(data, str(record_count(data) // 2), "last")]
    return [range_of_records(data, *part.split("..", 1)) if ".." in part else
            chosen_records(data, part) for part in (piece.strip() for piece in choice.split(","))]


def mean_text(data: xarray.Dataset, records: list[int]) -> str:
    """The times of a mean: "t = 12 days", "mean over t = 10 to 20 days"."""
    if len(records) == 1:
        return elapsed_text(data, records[0])
    span = elapsed_text(data, records[0], records[-1]) or f"records {records[0]} to {records[-1]}"
    return f"mean over {span}"
