"""One letter in two languages; SMTP or a file."""
