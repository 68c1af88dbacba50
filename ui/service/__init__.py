"""What the chat does for a person: answer, keep, upload, remember who they are.

Owns: everything behind the page that is not HTML. Interface: ``chat_service.ChatService``.
"""
