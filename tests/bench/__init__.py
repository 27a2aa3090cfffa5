"""How fast the bus is, measured against others in one run: `make bench`. Writes the figures of docs/benchmarks.md."""
