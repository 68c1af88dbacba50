"""What the chat does for a person: answer, store, take uploads, know who is signed in.

Owns: everything behind the page that is not HTML. Interface: ``chat_service.ChatService``.
"""
