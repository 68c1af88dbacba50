"""What models really write, played: recorded replies, and random Markdown."""
