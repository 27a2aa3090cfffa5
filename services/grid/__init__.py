"""grid 网格: every matter has a grid, a responsible party and a clock."""
