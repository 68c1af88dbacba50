"""The one page: its layout, its events, and the state of each tab.

Owns: Gradio. Interface: ``layout.build(…)`` returns the ``gr.Blocks``.
"""
