"""The web server: address, sign-in, security headers and routes.

Owns: Starlette and FastAPI, and how Gradio's page is mounted. Interface: ``app.serve(…)`` runs the chat,
``app.make_app(…)`` builds it.
"""
