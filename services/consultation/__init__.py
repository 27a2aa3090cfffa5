"""consultation 树下贤聊: a problem becomes a plan that residents and professionals both passed, then a result."""
