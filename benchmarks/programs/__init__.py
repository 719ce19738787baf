"""The programs that are measured: one file each, which holds one `PROGRAM`."""
