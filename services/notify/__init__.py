"""notify 通知公示: everyone concerned hears, by a way that reaches them, and it can be proved."""
