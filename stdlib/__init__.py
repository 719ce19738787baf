"""What is built on the language: its prelude and the learning methods, a folder per family."""
