"""Contrast and likeness of colours, as the accessibility guidelines count them."""

import math

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

# How colours look to people who see them differently: Machado, Oliveira and Fernandes (2009),
# full severity, applied to linear light. Grey is a copy on paper.
SIGHT: dict[str, Matrix] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
TO_XYZ: Matrix = (
    (0.4124 / 0.95047, 0.3576 / 0.95047, 0.1805 / 0.95047),
    (0.2126, 0.7152, 0.0722),
    (0.0193 / 1.08883, 0.1192 / 1.08883, 0.9505 / 1.08883),
)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, 1 to 21; text needs 4.5, a control or a chart mark 3."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, 0 to 1."""
    return sum(weight * part for weight, part in zip(SIGHT["grey"][0], light(colour), strict=True))


def faded(colour: str, share: float, ground: str) -> str:
    """What is seen where the colour is painted on the ground at this share of its strength."""
    parts = zip(channels(colour), channels(ground), strict=True)
    return "#" + "".join(f"{round(255 * (a * share + b * (1 - share))):02x}" for a, b in parts)


def difference(one: str, other: str, sight: str) -> float:
    """Distance in CIELAB (1976) to somebody with this sight; below about 2 nobody sees it."""
    return math.dist(_lab(one, SIGHT[sight]), _lab(other, SIGHT[sight]))


def channels(colour: str) -> Triple:
    """Red, green and blue of #rrggbb, 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def light(colour: str) -> Triple:
    """The channels as amounts of light."""
    red, green, blue = (_linear(channel) for channel in channels(colour))
    return red, green, blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _lab(colour: str, sight: Matrix) -> Triple:
    seen = tuple(min(1.0, max(0.0, part)) for part in _times(sight, light(colour)))
    x, y, z = (_cube_root(part) for part in _times(TO_XYZ, seen))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(part: float) -> float:
    return part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116


def _times(matrix: Matrix, vector: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
