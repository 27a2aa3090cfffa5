"""How things are kept: one engine module, a unit of work, the kernel's own tables and their migrations."""
