"""Facts of the services as tests need them, with readable ids: one module per owner of the facts."""
