"""Make the letters of a picture fit to be recognised: upright, dark on light, and large enough.

Owns: what is done to a picture before it is read. Knows nothing about files or words.
"""

from __future__ import annotations

from PIL import Image, ImageFilter, ImageOps, ImageStat

# Screens show letters of half the size that recognition is made for; a picture with a longer side is left as it is.
_SMALL_SIDE = 1800
# A larger picture is drawn smaller: it would be slow to read, and reads no better.
_LARGEST_SIDE = 5000
# Of 255: a darker ground is turned to a light one.
_DARK = 110
_HALF = 128
# The steps of enlarged letters of two tones are smoothed by so many pixels.
_SMOOTHING = 1.2


def legible(image: Image.Image) -> Image.Image:
    """Return a picture in grey: as its camera was held, without see-through parts, dark on light, and large enough."""
    upright = ImageOps.exif_transpose(image)
    grey = _on_ground(upright) if "A" in upright.getbands() or "transparency" in upright.info else upright.convert("L")
    if ImageStat.Stat(grey).median[0] < _DARK:
        grey = ImageOps.invert(grey)
    longest = max(grey.size)
    if longest > _LARGEST_SIDE:
        grey.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE))
    elif longest < _SMALL_SIDE:
        grey = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
        if image.mode == "1":
            grey = grey.filter(ImageFilter.GaussianBlur(_SMOOTHING))
    return grey


def has_ink(grey: Image.Image) -> bool:
    """Tell whether anything is drawn in a legible picture: not all of it is of one shade."""
    low, high = grey.getextrema()
    return isinstance(low, (int, float)) and isinstance(high, (int, float)) and high - low > _DARK // 2


def _on_ground(image: Image.Image) -> Image.Image:
    """Return a picture with see-through parts in grey, on the ground that its visible parts stand out from."""
    with_alpha = image.convert("LA")
    grey, alpha = with_alpha.getchannel(0), with_alpha.getchannel(1)
    visible = alpha.point(lambda value: 255 if value > _HALF else 0)
    shades = ImageStat.Stat(grey, visible)
    is_light = bool(shades.count[0]) and shades.mean[0] > _HALF
    ground = Image.new("L", image.size, 0 if is_light else 255)
    ground.paste(grey, mask=alpha)
    return ground
