"""Messages and mailboxes: what a person reads of them.

Owns: which parts of a message are read, in which order, and how they stand in the text.

    types        a message as plain data, whatever format it came in
    headers      headers and file names, decoded
    message      the bytes of a message (RFC 5322, MIME) to that
    mbox         a mailbox to the bytes of its messages
    outlook      an Outlook message to that
    rtf_body     the body of an Outlook message that is RTF
    flowed       paragraphs of format=flowed, joined
    stub         whether a plain text says what the HTML beside it says
    calendar     the events of a calendar part
    attachments  attached files, read by the readers of their formats
    write        a message to blocks of a document

Interface: the readers in ``formats``.
"""
