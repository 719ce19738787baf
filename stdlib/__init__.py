"""What is built on the language: programs, a folder per family, and what gives them data.

A method is a program, `family/method.pull`, that every other program can import (`from family.method import step`), and that
`program` compiles for Python. Where it meets data it has a module of the same name beside it, which holds no mathematics.
"""
