"""The chat in the browser.

Owns: everything between a person's browser and ``rag``. ``ui.server`` serves it, ``ui.page`` is the one page,
``ui.views`` makes HTML of answers and documents, ``ui.service`` does the work, ``ui.i18n`` holds the words.

Interface: ``server.app.serve(index, bind, …)`` runs the chat where ``server.bind_address.BindAddress``
says, if ``check_bind_address`` allows it; ``service.users.add_user(…)`` adds somebody to a file of users.
"""
