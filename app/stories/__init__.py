"""What may be told: stories, topics, questions and pictures."""
