"""The systems that an evaluation can measure: Footnote itself, and any other that answers questions of documents.

Owns: what a system is to the runner, and how what another system gives becomes an answer like Footnote's own, so that
every metric, verdict, report and gate applies unchanged. Knows nothing about figures or reports.

Interface: ``system.System`` gives an ``Ask`` for each case.
"""
