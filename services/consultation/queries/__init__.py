"""What can be asked of consultation: a session and the caller in, plain rows out; a module per noun."""

from services.consultation.queries import participation, plans, projects, reviews, sessions, surveys, topics

__all__ = ["participation", "plans", "projects", "reviews", "sessions", "surveys", "topics"]
