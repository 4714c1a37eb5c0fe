"""Who: people, teams, memberships, roles and sign-ins."""
