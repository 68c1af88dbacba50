"""What a server of indexes needs, whether people or programs ask it.

Owns: who may come, what they may open, whose turn it is, and files that are sent to be ingested. Knows nothing about
pages, routes or protocols.

Interface: ``listening.run`` serves an application at a ``bind_address.BindAddress``. ``users.Authenticator`` signs
users in, with the hashes of ``passwords``; ``kept_text`` keeps users and keys in a file or in the database.
``rights.Rights`` says what somebody may read and change, and
``workspaces.Workspaces`` opens the indexes of a user. ``shared_state.open_state`` returns what a server remembers for a
while, in its memory or in the database that it shares with others (``state.State``), and
``told.told`` what callers learn of an error.
``fair_queue.FairQueue`` shares a model, ``turns.Turns`` bounds who waits for it. ``upload_batches.UploadBatches`` takes
files in, ``uploads.Uploads`` ingests them in the background, each upload as an ``upload_job.Job``, under the names that
``upload_names`` makes.
"""
