"""What the chat does for a person: answer, store, remember how they want it.

Owns: everything behind the page that is not HTML.

Interface: ``chat_service.ChatService`` answers questions, its steps timed by ``steps``.
``page_reader.page_reader()`` draws and reads pages of PDF files in processes of their own.
``eval_case.case_from_form(turn, values)`` makes a case of an evaluation suite.
"""
