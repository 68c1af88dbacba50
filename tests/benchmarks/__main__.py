"""Run every benchmark, one after the other, each in a process of its own: ``python -m tests.benchmarks``.

``python -m tests.benchmarks fit-scoring`` fits the numbers of the scoring file instead.
"""

from __future__ import annotations

import subprocess
import sys

ALL = (
    ["kinds"],
    ["scifact"],
    ["precision"],
    ["chunking"],
    ["clapnq", "--llm", "none"],
    ["clapnq", "--llm", "local", "--limit", "60"],
    ["answerability", "--llm", "none"],
    ["answerability", "--llm", "local", "--limit", "100"],
    ["followups"],
    ["support"],
    ["claims", "--half", "all"],
    ["rules_time"],
    ["missing_words"],
    ["foreign_questions"],
    ["conflicts"],
    ["gate"],
    ["systems"],
    ["placing"],
    ["suites", "scifact"],
    ["suites", "clapnq"],
    ["suites", "chunking"],
    ["chat"],
    ["serve"],
    ["warm"],
    ["cold"],
    ["exact_search"],
    ["watch"],
    ["cluster"],
    ["speed", "--files", "1000", "--chunks", "50000"],
    ["postgres"],
    ["peers"],
)


def main() -> None:
    failed = []
    for name, *arguments in ALL:
        print(f"\n== {name} {' '.join(arguments)}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}", *arguments], check=False)
        if done.returncode:
            failed.append(name)
    if failed:
        sys.exit(f"not run to the end: {', '.join(failed)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["fit-scoring"]:
        from tests.benchmarks import fit_scoring

        fit_scoring.main(sys.argv[2:])
    else:
        main()
