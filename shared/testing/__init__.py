"""For tests, ours and those of plugins: a service without processes, sockets or waiting."""
