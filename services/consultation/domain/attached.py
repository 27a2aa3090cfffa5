"""What photographs are attached to."""

TOPIC, PROJECT = "topic", "project"
