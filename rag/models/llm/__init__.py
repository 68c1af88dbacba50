"""Language models: embedded or hosted, behind one ``Model``.

Owns: the services that open models, the forms of a model's name, streaming, retries, timeouts and the budget of a
context window. Knows nothing about prompts, evidence or answers.

Interface: ``opening.open_llm(spec, settings)`` returns a ``model.Model``, whose ``stream`` yields words;
``services.ModelService`` is what opens them.
"""
