"""What takes minutes: `make faults-stack` runs these after the short faults; `make stack` leaves them out."""
