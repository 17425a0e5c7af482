"""What `droidlet memory` shows of a memory: as plain data, as lines of text, and as one page."""
