"""What is going to be done about a question, before anything is searched for.

Owns: making a question stand alone, and planning its searches. Knows nothing about passages, evidence or answers.

Interface: ``planner.make_plan(index, question, history=)`` returns a ``Planned``.

    planner     the plan of a question
    reasons     why it is planned so
    assistant   a question about the program itself
    follow_up   a question that leans on the conversation, made to stand alone
    spelling    typing errors, corrected against the index's own words
"""
