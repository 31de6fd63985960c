"""Names and units as people read them: "m s-1" as m s⁻¹, 3840000 m as 3840 km."""

from __future__ import annotations

import re

import numpy
import xarray

KILOMETRES_FROM = 10_000.0  # metres
METRES = ("m", "metre", "metres", "meter", "meters")
PER_LENGTH = re.compile(r"(?P<angle>(rad )?)\(?(?P<length>[A-Za-z]+)\)?-1")
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def unit_text(units: str) -> str:
    """`units` with exponents raised; the unit "1" is none."""
    if units.strip() in ("", "1"):
        return ""
    plain = re.sub(r"\((\w+)\)", r"\1", units.strip())  # (m)-1
    raised = re.sub(r"(?<=[A-Za-z])\^?(-?\d+)", lambda match: match[1].translate(SUPERSCRIPTS), plain)
    return raised.replace("Angstrom", "Å")


def power_text(exponent: int) -> str:
    """10⁻¹⁰ of -10; "" of 0."""
    return "10" + str(exponent).translate(SUPERSCRIPTS) if exponent else ""


def with_unit(text: str, units: str) -> str:
    """`text (units)`, or `text` where there is no unit."""
    shown = unit_text(units)
    return f"{text} ({shown})" if shown else text


def long_name(variable: xarray.DataArray) -> str:
    """The long name, else the standard name, else the name; with a capital unless it is a symbol."""
    attributes = variable.attrs
    text = attributes.get("long_name") or str(attributes.get("standard_name", "")).replace("_", " ")
    return text[0].upper() + text[1:] if text else str(variable.name)


def distance_scale(units: str, *coordinates: numpy.ndarray) -> tuple[float, str]:
    """What to multiply coordinates with before they are shown, and the unit they then have."""
    largest = max((float(numpy.max(numpy.abs(c))) for c in coordinates if c.size), default=0.0)
    if units in METRES and largest >= KILOMETRES_FROM:
        return 1e-3, "km"
    return 1.0, units


def unit_scale(units: str, shown: str) -> float | None:
    """What turns `units` into `shown`, a unit that distance_scale() chose; None if nothing does."""
    if units == shown:
        return 1.0
    return 1e-3 if units in METRES and shown == "km" else None


def wavenumber_scale(units: str, wavenumbers: numpy.ndarray) -> tuple[float, str]:
    """The same for wavenumbers: of waves that are kilometres long they are shown per kilometre."""
    match, positive = PER_LENGTH.fullmatch(units), wavenumbers[wavenumbers > 0]
    longest = 2 * numpy.pi / positive.min() if positive.size else 0.0
    if match and match["length"] in METRES and longest >= KILOMETRES_FROM:
        return 1e3, f"{match['angle']}km-1"
    return 1.0, units


def run_title(data: xarray.Dataset, *parts: str) -> str:
    """The title of the run that wrote the file, and what else is known, on one line."""
    return "   ".join(part for part in (str(data.attrs.get("title", "")), *parts) if part)
