"""What stands in the way of people who hear a page, or who see little of it.

Owns: axe-core, and the contrast of each text that is shown. Knows nothing about what a page is for.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

AXE = "axe-core@4.14.1"


def axe_source(folder: Path) -> str:
    """Fetch axe-core by npm, which is under another licence than the rest, so it is not kept here.

    Args:
        folder: Where it is fetched to.

    Returns:
        Its source; the test is skipped where it cannot be had, unless FOOTNOTE_BROWSER=required.
    """
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on this machine to fetch axe-core with")
    ran = subprocess.run([npm, "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, timeout=120)
    if ran.returncode:
        if os.environ.get("FOOTNOTE_BROWSER") == "required":
            pytest.fail(f"npm cannot fetch {AXE}: {ran.stderr}")
        pytest.skip(f"npm cannot fetch {AXE}")
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        script = packed.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def serious(page: Any, axe: str) -> list[str]:
    """What axe finds that is serious or critical, in words."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    results = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
    )
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in results["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


# Text that is shown with less contrast than 4.5:1 against the first ground that is not clear.
FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.textContent.trim();
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!words || style.visibility !== "visible" || box.width < 2 || box.height < 2) continue;
    if (element.closest("script, style, [disabled], [aria-disabled=true]")) continue;
    if (!element.checkVisibility({ opacityProperty: true })) continue;
    const [one, other] = [light(rgba(style.color)), light(ground(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${words.slice(0, 40)} (${element.className})`);
  }
  return faint;
}"""
