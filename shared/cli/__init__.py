"""The command line: `jiushu`."""
