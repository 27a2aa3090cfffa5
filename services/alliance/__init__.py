"""alliance 商居同盟: what the neighbourhood has meets what it needs."""
