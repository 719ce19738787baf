"""LLVM on the CPU: loop nests become LLVM IR text, the text becomes machine code, and the code a Python callable."""
