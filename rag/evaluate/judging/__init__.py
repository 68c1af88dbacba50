"""Language models as judges of answers, beside the metrics that need none.

Owns: what a judge is (``judge``), asking one patiently (``asking``), the verdicts of LlamaIndex's evaluators
(``evaluators``) and of the criteria of a suite (``rubric``), and how well a judge agrees with people (``labels``,
``agreement``, ``calibration``). All it says is marked as judged, and off unless it is asked for.

An answer and its judgement fail apart: where a judge fails, the answer and its own metrics stay, the judged value is
None, and the record says why.

Interface: ``opening.make_judge`` makes a ``judge.Judge``, ``labels.read_labels``, ``calibration.calibrate``, and
``missing.judge_error_lines`` says which verdicts are missing.
"""
