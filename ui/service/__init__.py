"""What the chat does for a person: answer, store, take uploads, know who is signed in.

Owns: everything behind the page that is not HTML.

Interface: ``chat_service.ChatService`` answers questions, in turn by ``fair_queue``, its steps timed by ``steps``.
``workspaces.Workspaces`` opens the indexes of a user. ``upload_batches.UploadBatches`` takes files in,
``uploads.Uploads`` ingests them in the background, each upload as an ``upload_job.Job``, under the names that
``upload_names`` makes. ``users.Authenticator`` signs users in, with the hashes of ``passwords``.
``page_reader.page_reader()`` draws and reads pages of PDF files in processes of their own.
``eval_case.case_from_form(turn, values)`` makes a case of an evaluation suite.
"""
